import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { HUBSPOT_CHANNELS, isChannelName } from '../hubspot/channels.ts';
import { type ActorId, toActorId } from '../hubspot/ids.ts';
import { ESCALATION_ACTIONS } from '../rules/escalation/escalation.ts';
import { type EscalationRules, KNOWN_TOPICS } from '../rules/escalation/escalation-rules.ts';
import { isPhrase } from '../rules/escalation/phrases.ts';
import { plainAdvice, problemsIn } from './errors.ts';
import { listOf } from './list-of.ts';
import { INSTEAD, numberAsText } from './primitives.ts';

/** A value that YAML gives as it was written, as text. */
const asText = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : numberAsText(value));

/** One, or several: the rule holds where one of them fits. */
const oneOrMore = <Item extends z.ZodType>(item: Item, what: string) =>
  z
    .preprocess(
      (said) => (Array.isArray(said) ? said : [said]),
      z
        .array(item, { error: `must be ${what}` })
        .min(1, `is empty: ${what}`)
        .max(500, 'must be 500 at most'),
    )
    .meta({ [INSTEAD]: { type: ['string', 'number', 'boolean'] } });

const WORDS = 'words or phrases, such as [lawyer, "take you to court", Anwalt*]';
const phrase = z.preprocess(
  asText,
  z
    .string({ error: `must be ${WORDS}` })
    .trim()
    .max(200, 'must have 200 characters at most')
    .refine(isPhrase, 'must be a word or a phrase. * is the rest of a word, at its begin or end'),
);
const phrases = oneOrMore(phrase, WORDS);

const TOPIC_NAME = 'must be a name of letters, digits and -, such as legal';
const topicName = z.string({ error: TOPIC_NAME }).regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,49}$/u, TOPIC_NAME);

const CHANNEL = `must be a channel: ${HUBSPOT_CHANNELS.join(', ')}, or channel and the id of a custom one`;
const channel = z.string({ error: CHANNEL }).refine(isChannelName, CHANNEL);

const LANGUAGE = 'must be a language such as de, or pt-BR';
const language = z.string({ error: LANGUAGE }).regex(/^[a-z]{2,3}(-[a-z\d]{2,8})*$/i, LANGUAGE);
const languages = oneOrMore(language, 'languages such as [de, fr]');

const SENTIMENTS = ['negative', 'neutral', 'positive'] as const;

const VALUE = 'must be a value, a list of values, * for any, or a number such as ">= 1000"';
const propertyValue = z.preprocess(
  asText,
  z
    .string({ error: VALUE })
    .trim()
    .min(1, VALUE)
    .max(200, 'must have 200 characters at most')
    .refine((value) => !/^[<>]/.test(value) || /^[<>]=?\s*-?\d+(\.\d+)?$/.test(value), VALUE),
);
const PROPERTY = 'must be an internal name of a property, such as vip_tier';
const properties = z
  .record(z.string().regex(/^[a-z\d_]{1,100}$/), oneOrMore(propertyValue, 'values, such as [gold, platinum]'), {
    error: ({ code }) => (code === 'invalid_key' ? PROPERTY : 'must be values by names of properties'),
  })
  .refine((values) => Object.keys(values).length > 0, 'names no property');

const ACTOR = 'must be an agent, such as A-12345';
const actor = z.preprocess(
  numberAsText,
  z
    .string({ error: ACTOR })
    .regex(/^(A-)?\d+$/, ACTOR)
    .transform((id): ActorId => toActorId(id)),
);

const conditions = z
  .strictObject({
    words: phrases
      .optional()
      .describe('The message has one of these words or phrases: whole words, in any case, with or without accents.'),
    topics: oneOrMore(topicName, 'names of topics')
      .optional()
      .describe(`The message has a word of one of these topics, or of ${KNOWN_TOPICS.join(', ')}.`),
    sentiment: oneOrMore(z.enum(SENTIMENTS, { error: `must be ${listOf(SENTIMENTS)}` }), 'negative')
      .optional()
      .describe('How the customer feels. negative is known by words, the others by an AI that says so.'),
    contact: properties.optional().describe("Values of the contact's properties, by their internal names."),
    ticket: properties.optional().describe("The same of the thread's ticket."),
    languages: languages.optional().describe('The message is in one of these languages.'),
    languagesOtherThan: languages.optional().describe('It is in a language that is known, and none of these.'),
    channels: oneOrMore(channel, 'channels such as [email, live chat]').optional().describe('It came on one of these.'),
  })
  .refine((said) => Object.values(said).some((condition) => condition !== undefined), 'has no condition')
  .refine(({ languages: these, languagesOtherThan: others }) => !these || !others, {
    error: 'has languages and languagesOtherThan: only one of them can be',
  });

const rule = z
  .strictObject({
    name: z
      .string({ error: "is missing: the rule's name, which people read in the run's story" })
      .trim()
      .min(1, 'is empty')
      .max(80, 'must have 80 characters at most')
      .describe("For people: the run's story has it, and what agents read."),
    when: conditions.describe('The rule applies if all of this is true. In a list one true value is enough.'),
    do: z
      .enum(ESCALATION_ACTIONS, { error: `must be ${listOf(ESCALATION_ACTIONS)}` })
      .describe(
        'handoff: the thread goes to agents, and the AI is not asked. draft: its answer stays an internal comment. approve: the same, and waits for an agent.',
      ),
    assignTo: actor.optional().describe('Who gets the thread that is handed over, such as A-12345.'),
  })
  .refine((said) => said.assignTo === undefined || said.do === 'handoff', {
    error: 'is for handoffs only: what an agent owns, the AI may not answer',
    path: ['assignTo'],
  });

const duplicates = (names: readonly string[]): number[] =>
  names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));

/** A file of escalation rules holds this, and so does `escalation` of a portal of `PORTALS_FILE`. */
export const escalationContent = z
  .strictObject({
    topics: z
      .record(topicName, phrases, {
        error: ({ code }) => (code === 'invalid_key' ? TOPIC_NAME : 'must be lists of words by name'),
      })
      .default({})
      .describe('Lists of words by a name, for the topics of rules.'),
    rules: z
      .array(rule, { error: 'must be a list of rules' })
      .max(200, 'must be 200 at most')
      .default([])
      .describe('In this order: the first rule that holds counts.'),
  })
  .superRefine(({ topics, rules }, context) => {
    const known: string[] = [...Object.keys(topics), ...KNOWN_TOPICS];
    for (const name of KNOWN_TOPICS) {
      if (!Object.hasOwn(topics, name)) continue;
      context.addIssue({ code: 'custom', path: ['topics', name], message: 'is known already: choose another name' });
    }
    for (const index of duplicates(rules.map(({ name }) => name))) {
      context.addIssue({ code: 'custom', path: ['rules', index, 'name'], message: 'is the name of a rule before it' });
    }
    for (const [index, { when }] of rules.entries()) {
      for (const [place, name] of (when.topics ?? []).entries()) {
        if (known.includes(name)) continue;
        const message = `is no topic: ${known.join(', ')}`;
        context.addIssue({ code: 'custom', path: ['rules', index, 'when', 'topics', place], message });
      }
    }
  });

/** As the rules are asked: what isn't said is left out. */
export const toRules = (content: z.infer<typeof escalationContent>): EscalationRules =>
  JSON.parse(JSON.stringify(content));

/**
 * Finds where in a YAML text a field is: `line 3: `, of the nearest that is there for one that is missing. Empty where
 * the text can't be read.
 */
export const lineFinder = (text: string): ((path: readonly PropertyKey[]) => string) => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      const offset = isNode(node) ? node.range?.[0] : undefined;
      if (offset !== undefined) return `line ${lines.linePos(offset).line}: `;
    }
    return '';
  };
};

/** What is wrong, a line each, with the line of the file. */
export const problemsByLine = (error: z.ZodError, text: string, prefix: string): string[] => {
  const lineOf = lineFinder(text);
  return error.issues.flatMap((issue) => {
    const [problem = ''] = problemsIn(new z.ZodError([issue]));
    return `${prefix} ${lineOf(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path)}${problem}`;
  });
};

/** The rules of a file, or what is wrong with it, a line each. */
export const readEscalationRules = (path: string): EscalationRules | string[] => {
  const name = `ESCALATION_RULES ${path}`;
  let text: string;
  let content: unknown;
  try {
    text = readFileSync(path, 'utf8');
    const document = parseDocument(text);
    const [error] = document.errors;
    if (error) throw error;
    content = document.toJS();
  } catch (error) {
    return [`${name} can't be read: ${(error as Error).message.split('\n')[0]}`];
  }
  const parsed = z
    .record(z.string(), z.unknown(), { error: 'must hold a list named rules' })
    .pipe(escalationContent)
    .safeParse(content, { error: plainAdvice });
  return parsed.success ? toRules(parsed.data) : problemsByLine(parsed.error, text, `${name}:`);
};
