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

const kindOf = ({ name, type }: ReplyRequest['attachments'][number]): string =>
  /\.([a-z0-9]{1,5})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? type.toLowerCase().replaceAll('_', ' ');

/**
 * Why agents have to look at a message themselves that is nothing but attachments, or `null` where something is written. The
 * kinds only: a file's name may say who the customer is.
 */
export const onlyFiles = ({ questions, attachments }: ReplyRequest): string | null => {
  if (attachments.length === 0 || questions.some((question) => question.trim() !== '')) return null;
  const kinds = [...new Set(attachments.map(kindOf))].join(', ');
  return `the customer sent ${attachments.length === 1 ? 'a file' : `${attachments.length} files`} (${kinds}) that the AI can't read`;
};

export const createAiActivities = (ai: AiBackend, sessions: SessionStore): AiActivities =>
  withFailures({
    async generateReply(request: ReplyRequest): Promise<AiAnswer> {
      const unreadable = ai.readsFiles ? null : onlyFiles(request);
      if (unreadable) return { action: 'handoff', reason: unreadable, aiSessionId: request.aiSessionId };
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
