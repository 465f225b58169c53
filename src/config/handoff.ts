import { z } from 'zod';
import { isChannelName } from '../hubspot/channels.ts';
import { type ActorId, toActorId } from '../hubspot/ids.ts';
import {
  type AssignRule,
  type AssignWhen,
  type HandoffSettings,
  OUT_OF_HOURS,
} from '../rules/handoff/handoff-settings.ts';
import { businessHolidays, businessHours } from './business-hours.ts';
import {
  DEFAULT_CLOSED_MESSAGE,
  DEFAULT_CLOSED_MESSAGES,
  DEFAULT_HANDOFF_MESSAGE,
  DEFAULT_HANDOFF_MESSAGES,
} from './handoff-messages.ts';
import { commaSeparated, duration, flag, numberAsText, yamlFlag } from './primitives.ts';
import { textsByLanguage } from './texts.ts';

const ACTOR = /^(A-)?\d+$/;
const ASSIGN_ERROR =
  'must be an agent such as A-12345, and rules before or after it such as language=de:A-2, channel=email:A-3, ' +
  'sentiment=negative:A-4';

const VALUES: Record<NonNullable<AssignWhen>['by'], (value: string) => boolean> = {
  sentiment: (value) => ['positive', 'neutral', 'negative'].includes(value),
  language: (value) => /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i.test(value),
  channel: isChannelName,
};

const isKind = (by: string): by is keyof typeof VALUES => Object.hasOwn(VALUES, by);

/** `A-1` or `language=de:A-2`; `null` for anything else. */
const ruleIn = (part: string): AssignRule | null => {
  const [, by = '', is = '', to = ''] = /^(?:(\w+)\s*=\s*([^:]+?)\s*:\s*)?(\S+)$/.exec(part) ?? [];
  if (!ACTOR.test(to)) return null;
  if (by === '') return { when: null, to: toActorId(to) };
  return isKind(by) && VALUES[by](is) ? { when: { by, is }, to: toActorId(to) } : null;
};

const assignRules = z
  .array(z.string({ error: ASSIGN_ERROR }), { error: ASSIGN_ERROR })
  .transform((said, context): AssignRule[] => {
    const rules = said.flatMap(commaSeparated).map(ruleIn);
    if (rules.every((rule) => rule !== null)) return rules;
    context.addIssue({ code: 'custom', message: ASSIGN_ERROR });
    return z.NEVER;
  });

const asList = z.preprocess(
  (said) => (Array.isArray(said) ? said.map(numberAsText) : [numberAsText(said)]),
  assignRules,
);

const ACTOR_ERROR = 'must be an agent, such as A-12345';
const actor = z.preprocess(
  numberAsText,
  z
    .string({ error: ACTOR_ERROR })
    .regex(ACTOR, ACTOR_ERROR)
    .transform((id): ActorId => toActorId(id)),
);

const ID_ERROR = "must be HubSpot's own id, not a label";
const crmId = z.preprocess(numberAsText, z.string({ error: ID_ERROR }).regex(/^[\w-]{1,100}$/, ID_ERROR));

const PROPERTY_ERROR = 'must be an internal name of a property';
const propertyName = z.string({ error: PROPERTY_ERROR }).regex(/^[a-z][\w]{0,249}$/, PROPERTY_ERROR);

const MAPPING_ERROR = 'must be names in the session and of the ticket, such as plan=customer_plan';
const mapping = z.record(z.string().min(1), propertyName, { error: MAPPING_ERROR });

/** `plan=customer_plan, city=city`. */
const mappingInText = z.string().transform((text, context): Record<string, string> => {
  const pairs = commaSeparated(text).map((part) => part.split('=').map((side) => side.trim()));
  const parsed = mapping.safeParse(Object.fromEntries(pairs.map(([session = '', ticket = '']) => [session, ticket])));
  if (parsed.success && pairs.every(({ length }) => length === 2)) return parsed.data;
  context.addIssue({ code: 'custom', message: MAPPING_ERROR });
  return z.NEVER;
});

/** `none`, or what is said in every language; the default is said in the customer's. */
const toMessages = (text: string): Record<string, string> => {
  if (text === DEFAULT_HANDOFF_MESSAGE) return DEFAULT_HANDOFF_MESSAGES;
  if (text === DEFAULT_CLOSED_MESSAGE) return DEFAULT_CLOSED_MESSAGES;
  return text === 'none' ? {} : { '*': text };
};

const message = z.string({ error: 'must be the notice to the customer, or none' }).trim().min(1).max(4_000);

const pickUp = duration('30m', '7d');

const closedTicket = z.enum(['new', 'reopen'], { error: 'must be new or reopen' }).default('new');

const outOfHours = z.enum(OUT_OF_HOURS, { error: 'must be now, in-hours or stay' }).default('now');

const AFTER_ERROR = 'must be silent or answer';

/** The environment says this of handoffs. */
export const handoffVariables = {
  HANDOFF_TICKETS: flag(true).describe(
    'Whether a handoff makes a ticket that holds the whole conversation. The ticket is linked to the ' +
      'thread and its contact. There is none with `TICKETING_ENABLED=false`.',
  ),
  HANDOFF_TICKET_PIPELINE: crmId.optional().meta({
    takes: 'id',
    description: "HubSpot's id of the pipeline for these tickets. Without it the first pipeline is used.",
  }),
  HANDOFF_TICKET_STAGE: crmId.optional().meta({
    takes: 'id',
    description: "HubSpot's id of the stage. Without it the first open stage of the pipeline is used.",
  }),
  HANDOFF_TICKET_KEY_PROPERTY: propertyName.optional().meta({
    takes: 'property',
    description:
      'A ticket property of your own in which HubSpot allows each value only once (`hasUniqueValue`). ' +
      'Threadkeeper writes an id of the portal and the thread into it, so HubSpot itself refuses a second ' +
      'ticket. Without it Threadkeeper searches for the ticket first.',
  }),
  HANDOFF_CLOSED_TICKET: closedTicket.describe(
    "What happens when the thread's ticket is closed. `new` makes another ticket. `reopen` puts the " +
      'old one back into the first open stage, with the new question at the top of its content.',
  ),
  HANDOFF_TICKET_PROPERTIES: mappingInText.default({}).meta({
    takes: 'names, comma-separated',
    without: 'none',
    description:
      "Which of the ticket properties that HubSpot sent for the conversation are copied into the handoff's " +
      'ticket. Each is `name that HubSpot sent=name in the ticket`: `plan=customer_plan, order=order_number`.',
  }),
  HANDOFF_ASSIGN_TO: asList.default([]).meta({
    takes: 'rules, comma-separated',
    without: 'none',
    description:
      'The agents who [get the thread](handoffs.md#who-gets-it): one agent such as `A-1`, and rules such ' +
      'as `language=de:A-2`. Without it nobody is assigned.',
  }),
  HANDOFF_ESCALATE_TO: actor.optional().meta({
    takes: '`A-` and digits',
    description: 'The agent who gets a thread, and its ticket, when nobody took it over in time.',
  }),
  HANDOFF_MESSAGE: message
    .default(DEFAULT_HANDOFF_MESSAGE)
    .transform(toMessages)
    .meta({
      takes: 'text, `none`',
      description:
        'The notice that the customer gets once. `none`: no notice. The default exists in German, French, ' +
        'Spanish, Portuguese, Italian, Dutch and Polish too.',
    }),
  HANDOFF_PICK_UP: pickUp.describe(
    'How long agents have to take a thread over: to answer it, own it or close it. After that agents ' +
      'are informed again and `NeedsAttention` is set. `0s`: there is no limit.',
  ),
  BUSINESS_HOURS: businessHours.meta({
    takes: 'days and hours, comma-separated',
    without: 'always',
    description:
      'When agents work, in the time zone `TIME_ZONE`: `mon-fri 09:00-12:30, mon-fri 13:00-17:00, fri ' +
      '22:00-02:00`. See [business hours](handoffs.md#business-hours).',
  }),
  HOLIDAYS: businessHolidays.meta({
    takes: 'days, comma-separated',
    without: 'none',
    description:
      'Days on which no agent works: `2026-12-31` for one day, `12-25` for each year, `12-24..01-01` for ' +
      'all days between.',
  }),
  HANDOFF_OUT_OF_HOURS: outOfHours.describe(
    "What happens with a handoff outside `BUSINESS_HOURS`. Ticket, comment and the customer's notice " +
      'are made at once in any case. `now`: the thread also goes to the agent at once. `in-hours`: it ' +
      'goes to the agent when agents begin. `stay`: as with `in-hours`, but the AI keeps answering until then.',
  ),
  HANDOFF_OUT_OF_HOURS_MESSAGE: message
    .transform(toMessages)
    .default(DEFAULT_CLOSED_MESSAGES)
    .meta({
      takes: 'text, `none`',
      without: `\`${DEFAULT_CLOSED_MESSAGE}\``,
      description:
        'The notice that the customer gets outside `BUSINESS_HOURS`. `{opening}` is replaced by the time ' +
        "when agents are back, such as `Monday 09:00`, in the customer's language. `none`: " +
        '`HANDOFF_MESSAGE` is used. The default exists in the same languages.',
    }),
  AFTER_HANDOFF: z
    .enum(['silent', 'answer'], { error: AFTER_ERROR })
    .default('silent')
    .describe(
      'What the AI does on a thread after a handoff. `silent`: it says nothing until an agent assigns ' +
        "the thread to the AI's user again. `answer`: it keeps answering.",
    ),
};

/** One for all languages, or one each. */
const texts = textsByLanguage(message, toMessages, 'must be the notice to the customer, or none, or texts by language');

/** Reads what `PORTALS_FILE` says of a portal's handoffs. */
export const handoffInFile = z
  .strictObject({
    tickets: yamlFlag(true).describe('true: agents get a ticket.'),
    pipeline: crmId.optional().describe("The ticket pipeline's id. Without it the first pipeline is used."),
    stage: crmId.optional().describe("The stage's id. Without it the first open stage of the pipeline is used."),
    keyProperty: propertyName
      .optional()
      .describe('A ticket property that holds each value once: by it no ticket can be made twice.'),
    closedTicket: closedTicket.describe(
      "Where the thread's ticket is closed: new makes another one, reopen opens the old one again.",
    ),
    properties: mapping.default({}).describe("Ticket properties by the session's names for what goes into them."),
    assignTo: asList
      .default([])
      .describe(
        'Who gets the thread: A-1, or rules such as language=de:A-2, channel=email:A-3, sentiment=negative:A-4.',
      ),
    escalateTo: actor.optional().describe('Who gets a thread that nobody took over, and its ticket.'),
    message: texts
      .default(DEFAULT_HANDOFF_MESSAGES)
      .describe('The notice to the customer, or none. It can be texts by language, with * for all others.'),
    businessHours: businessHours.describe(
      'When agents work, by timeZone, such as mon-fri 09:00-17:00, sat 10:00-14:00.',
    ),
    holidays: businessHolidays.describe('Days on which no agent works, such as 2026-12-31, 12-25, 12-24..01-01.'),
    outOfHours: outOfHours.describe(
      'What happens with a handoff outside these hours: now, in-hours (nobody gets the thread before they begin), or ' +
        'stay (the AI keeps answering until then).',
    ),
    outOfHoursMessage: texts
      .default(DEFAULT_CLOSED_MESSAGES)
      .describe(
        'The notice to the customer then, or none. It can be texts by language. {opening} is when agents are back.',
      ),
    pickUp: pickUp.describe('How long agents have to take over until they are informed again. 0s: there is no limit.'),
    after: z
      .enum(['silent', 'answer'], { error: AFTER_ERROR })
      .default('silent')
      .describe('Whether the AI falls silent on the thread until an agent gives it back.'),
  })
  .prefault({} as never);

type Handoff = z.infer<typeof handoffInFile>;

/** The single portal's handoffs, as a portal of `PORTALS_FILE` would have them. */
export const handoffInEnvironment = (env: z.infer<z.ZodObject<typeof handoffVariables>>): Handoff => ({
  tickets: env.HANDOFF_TICKETS,
  pipeline: env.HANDOFF_TICKET_PIPELINE,
  stage: env.HANDOFF_TICKET_STAGE,
  keyProperty: env.HANDOFF_TICKET_KEY_PROPERTY,
  closedTicket: env.HANDOFF_CLOSED_TICKET,
  properties: env.HANDOFF_TICKET_PROPERTIES,
  assignTo: env.HANDOFF_ASSIGN_TO,
  escalateTo: env.HANDOFF_ESCALATE_TO,
  message: env.HANDOFF_MESSAGE,
  businessHours: env.BUSINESS_HOURS,
  holidays: env.HOLIDAYS,
  outOfHours: env.HANDOFF_OUT_OF_HOURS,
  outOfHoursMessage: env.HANDOFF_OUT_OF_HOURS_MESSAGE,
  pickUp: env.HANDOFF_PICK_UP,
  after: env.AFTER_HANDOFF,
});

/** Makes of them what the workflows know. */
export const handoffSettings = (
  {
    tickets,
    pipeline,
    stage,
    keyProperty,
    closedTicket,
    properties,
    assignTo,
    escalateTo,
    message: messages,
    businessHours: week,
    holidays,
    outOfHours,
    outOfHoursMessage: closedMessages,
    pickUp,
    after,
  }: Handoff,
  ticketingEnabled: boolean,
): HandoffSettings => ({
  tickets: tickets && ticketingEnabled,
  pipeline: pipeline ?? null,
  stage: stage ?? null,
  keyProperty: keyProperty ?? null,
  closedTicket,
  properties,
  assignTo,
  escalateTo: escalateTo ?? null,
  messages,
  ...(week === undefined ? {} : { hours: { week, holidays }, outOfHours, closedMessages }),
  pickUpMs: pickUp,
  after,
});
