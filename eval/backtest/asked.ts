import type { Conversation, Message } from '../../src/hubspot/conversation.ts';
import type { ActorId } from '../../src/hubspot/ids.ts';
import { closedBefore, isBySameAuthor, unansweredMessages } from '../../src/rules/speaking/burst.ts';
import { whyNotForAi } from '../../src/rules/speaking/message-filter.ts';
import { speakerOf } from '../../src/rules/speaking/speaker.ts';

/** A question as the AI would have seen it, and what came of it. */
export interface Asked {
  /** The burst that one answer is to, oldest first; the newest message is the last one. */
  burst: Message[];
  /** The conversation up to that moment. */
  before: Conversation;
  /** What agents wrote in answer, one text; `null`: nobody answered. */
  agent: string | null;
}

const ofCustomer = (message: Message, aiActorId: ActorId): boolean =>
  whyNotForAi(message, { aiActorId, appId: null }) === null;

/**
 * Every question of a thread, oldest first: what a customer wrote until an agent answered, the thread was closed, or it
 * ends. What the AI itself has answered is left out, since nobody's words are there to compare with.
 */
export const questionsIn = (conversation: Conversation, aiActorId: ActorId): Asked[] => {
  const { messages, closings } = conversation;
  const asked: Asked[] = [];
  /** The newest message of each author that waits for an answer. */
  let waiting: Message[] = [];
  /** Those of them that the last answer was to. */
  let answered: { messages: Message[]; before: Message[]; agent: string[]; byAi: boolean } | null = null;

  const note = (newest: Message, before: Message[], agent: string | null): void => {
    const context = { aiActorId, appId: null, turns: [], closings };
    asked.push({
      burst: unansweredMessages(before, newest, context),
      before: { ...conversation, messages: before },
      agent,
    });
  };
  const upTo = (newest: Message): Message[] => messages.slice(0, messages.indexOf(newest) + 1);
  const settle = (): void => {
    if (!answered) return;
    const { messages: newest, before, agent, byAi } = answered;
    if (agent.length > 0 || !byAi) for (const one of newest) note(one, before, agent.join('\n\n') || null);
    answered = null;
  };
  for (const [index, message] of messages.entries()) {
    if (ofCustomer(message, aiActorId)) {
      settle();
      const closedAt = closedBefore(message, closings) ?? Number.NEGATIVE_INFINITY;
      const left = waiting.filter(({ createdAt }) => Date.parse(createdAt) <= closedAt);
      for (const one of left) note(one, upTo(one), null);
      waiting = [...waiting.filter((one) => !left.includes(one) && !isBySameAuthor(one, message)), message];
      continue;
    }
    const speaker = message.kind === 'message' ? speakerOf(message, aiActorId) : null;
    if (speaker !== 'agent' && speaker !== 'ai') continue;
    if (waiting.length > 0) {
      answered = { messages: waiting, before: messages.slice(0, index), agent: [], byAi: false };
      waiting = [];
    }
    if (speaker === 'ai' && answered) answered.byAi = true;
    if (speaker === 'agent' && message.text.trim() !== '') answered?.agent.push(message.text);
  }
  settle();
  for (const one of waiting) note(one, upTo(one), null);
  return asked.toSorted(
    (a, b) => Date.parse(a.burst.at(-1)?.createdAt ?? '') - Date.parse(b.burst.at(-1)?.createdAt ?? ''),
  );
};
