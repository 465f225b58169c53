import { z } from 'zod';
import { DIGITS, idAsText, MESSAGE_ID } from '../../hubspot/ids.ts';
import { durationIn } from '../../rules/duration.ts';
import type { Action, ActionRecord, FollowActionInput } from '../../runs/follow-action.ts';

/** HubSpot's names of the records that have conversations: as it writes them, or by the id of their type. */
const KINDS: Record<string, ActionRecord['kind']> = {
  CONTACT: 'contact',
  '0-1': 'contact',
  TICKET: 'ticket',
  '0-5': 'ticket',
  CONVERSATION: 'conversation',
  '0-11': 'conversation',
};

const digits = z.preprocess(idAsText, z.string().regex(DIGITS));

/** The reason of a handoff stands in a comment of the thread: a few lines, not a page. */
const LONGEST_REASON = 2_000;

const said = z.preprocess((value) => value ?? '', z.string().trim().max(LONGEST_REASON)).default('');

const executionSchema = z.object({
  callbackId: z.string().regex(MESSAGE_ID),
  origin: z.object({ portalId: digits }),
  context: z
    .object({ workflowId: digits.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  object: z.object({
    objectId: digits,
    objectType: z
      .string()
      .transform((type) => KINDS[type.toUpperCase()])
      .pipe(z.enum(['contact', 'ticket', 'conversation'])),
  }),
  inputFields: z.preprocess((fields) => fields ?? {}, z.object({ duration: said, reason: said })).prefault({}),
});

/** What the action's own input field says: a duration, or a reason. */
const textOf = (action: Action, { duration, reason }: { duration: string; reason: string }): string => {
  if (action === 'pause') return duration;
  return action === 'handoff' ? reason : '';
};

/**
 * Reads one execution of a workflow action, as HubSpot posts it. Fields that nothing here needs may be there, or not.
 * @returns `null`: it is none
 */
export const parseExecution = (action: Action, body: Uint8Array): FollowActionInput | null => {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
  const { success, data } = executionSchema.safeParse(json);
  if (!success) return null;
  const { callbackId, origin, context, object, inputFields } = data;
  const text = textOf(action, inputFields);
  if (action === 'pause' && text !== '' && durationIn(text) === null) return null;
  return {
    portalId: origin.portalId as FollowActionInput['portalId'],
    action,
    record: { kind: object.objectType, id: object.objectId } as ActionRecord,
    callbackId: callbackId as FollowActionInput['callbackId'],
    ...(text === '' ? {} : { text }),
    by: context?.workflowId === undefined ? 'a HubSpot workflow' : `HubSpot workflow ${context.workflowId}`,
  };
};
