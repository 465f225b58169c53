import { cancellationSignal } from '@temporalio/activity';
import type { AiAnswer, AiBackend, ReplyRequest } from '../ai/backend.ts';
import { withoutMarkers } from '../hubspot/markers.ts';
import type { SessionStore } from '../sessions/store.ts';
import { withFailures } from './failures.ts';
import { whileBeating } from './heartbeats.ts';

export interface AiActivities {
  /** Asks the AI. An answer that can't be sent (empty, far too long) comes back as a handoff. */
  generateReply(request: ReplyRequest): Promise<AiAnswer>;
}

/** Nobody reads more in a chat, and a payload of Temporal's holds 2 MiB. */
const LONGEST_ANSWER = 20_000;

/** What of an AI's answer may go out: no marker of ours (it would silence or fake us), not empty, not endless. */
export const sendable = (answer: AiAnswer): AiAnswer => {
  if (answer.action === 'handoff') return { ...answer, reason: withoutMarkers(answer.reason).slice(0, 500) };
  const text = withoutMarkers(answer.text);
  const handoff = (reason: string): AiAnswer => ({ action: 'handoff', reason, aiSessionId: answer.aiSessionId });
  if (text === '') return handoff('the AI gave an empty answer');
  if (text.length > LONGEST_ANSWER) return handoff(`the AI's answer is too long (${text.length} characters)`);
  return { ...answer, text };
};

export const createAiActivities = (ai: AiBackend, sessions: SessionStore): AiActivities =>
  withFailures({
    async generateReply(request: ReplyRequest): Promise<AiAnswer> {
      return sendable(
        await whileBeating(() =>
          ai.generate(request, {
            signal: cancellationSignal(),
            rememberAiSession: (aiSessionId) =>
              sessions.rememberAiSession(request.portalId, request.threadId, aiSessionId),
          }),
        ),
      );
    },
  });
