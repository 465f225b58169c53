import type { GenerateContext, ReplyRequest } from '../../src/ai/backend.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';

/** A burst of messages from live chat by someone of whom nothing is known, unless given otherwise. */
export const asking = (questions: string | string[], rest: Partial<ReplyRequest> = {}): ReplyRequest => ({
  portalId: '62515' as PortalId,
  threadId: '6065362089' as ThreadId,
  channel: 'live chat',
  questions: [questions].flat(),
  quoted: null,
  attachments: [],
  transcript: [],
  contact: { name: null, email: null },
  contactId: null,
  ticketId: null,
  customData: {},
  aiSessionId: null,
  ...rest,
});

/** A context that notes which sessions were to be remembered. */
export const noting = (signal = new AbortController().signal): GenerateContext & { remembered: string[] } => {
  const remembered: string[] = [];
  return { signal, remembered, rememberAiSession: async (id) => void remembered.push(id) };
};
