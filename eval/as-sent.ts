import { sendable } from '../src/activities/ai/ai.ts';
import type { AiAnswer, AiBackend, ReplyRequest } from '../src/ai/backend.ts';

/** An answer as the customer would get it: one that the product would not send is a handoff. */
export const asSent = (
  { confidential = [], published = [], unquotable = [] }: AiBackend,
  given: AiAnswer,
  request: ReplyRequest,
  linkDomains: readonly string[],
): AiAnswer => sendable(given, request, { confidential, linkDomains, published, unquotable });
