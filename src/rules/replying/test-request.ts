import type { ReplyRequest } from '../../ai/backend.ts';
import type { PortalId, ThreadId } from '../../hubspot/ids.ts';

/** HubSpot's thread ids never begin with a zero: so no conversation has the thread of a test. */
const testThread = (now: Date): ThreadId => `0${now.getTime()}` as ThreadId;

/** What the AI is asked for a question that nobody but an operator has asked: a first message, of nobody known. */
export const testRequest = (
  { portalId, channel, question }: { portalId: PortalId; channel: string; question: string },
  { now, timeZone }: { now: Date; timeZone?: string | undefined },
): ReplyRequest => ({
  portalId,
  threadId: testThread(now),
  channel,
  now: now.toISOString(),
  askedAt: now.toISOString(),
  ...(timeZone === undefined ? {} : { timeZone }),
  questions: [question],
  quoted: null,
  attachments: [],
  transcript: [],
  contact: { name: null, email: null },
  contactId: null,
  ticketId: null,
  customData: {},
  aiSessionId: null,
});
