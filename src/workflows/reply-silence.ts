import type { Conversation, Message } from '../hubspot/conversation.ts';
import type { ActorId } from '../hubspot/ids.ts';
import type { RecordedTurn } from '../sessions/store.ts';
import { plannedReply } from './contract.ts';
import type { Question, ReplyContext } from './reply-context.ts';
import { speakerOf } from './rules/speaker.ts';
import { whySilent } from './rules/verdict.ts';
import { skipped } from './run-ends.ts';

/** Asks again whether the AI may speak, and ends the run where it may not. */
export class ReplySilence {
  private readonly run: ReplyContext;

  constructor(run: ReplyContext) {
    this.run = run;
  }

  /** Ends the run where the AI may not speak in the conversation as it stands. */
  async endIfSilent(conversation: Conversation, message: Message, turns: RecordedTurn[] = []): Promise<void> {
    const silence = whySilent(conversation, message, this.run.settings, this.run.rulesContext(turns));
    if (silence === null) return;
    if (silence.skip === 'superseded') {
      const { portalId, threadId } = this.run.asked;
      // HubSpot may have lost the newer message's event: this run may only leave when that one's run exists.
      const { appId } = this.run.asked;
      const newer = { portalId, threadId, messageId: silence.supersededBy, ...(appId === undefined ? {} : { appId }) };
      await this.run.insist.soon.runStarts.startRuns(`run of newer message ${newer.messageId}`, {
        starts: [plannedReply(newer)],
      });
      this.run.story.step(`message ${newer.messageId} is newer, its run answers`);
    }
    throw skipped(silence.skip);
  }

  /** Ends the run where the AI is to be silent on the thread, which HubSpot knows nothing of. */
  async endIfSilenced(): Promise<void> {
    const { portalId, threadId } = this.run.asked;
    const at = Date.parse(this.run.askedAt);
    const { silenced } = await this.run.insist.onSessions((sessions) =>
      sessions.standing(`whether thread ${threadId} is silenced`, { portalId, threadId, at }),
    );
    if (silenced) throw skipped(silenced);
  }

  /**
   * Decides again on a conversation that has moved on: ends the run where the AI may not speak any more. Whether another run's
   * answer has come in between.
   */
  async hasAnotherAnswer(
    { message, turns }: Question,
    before: Conversation,
    now: Conversation | null,
  ): Promise<boolean> {
    if (now === null) throw skipped('message-not-found');
    this.run.story.step('the conversation moved on before the post: decided again');
    await this.endIfSilent(now, message, turns);
    const known = new Set(before.messages.map(({ id }) => id));
    return now.messages.some((other) => !known.has(other.id) && isReplyOf(other, this.run.settings.aiActorId));
  }
}

const isReplyOf = (message: Message, aiActorId: ActorId): boolean =>
  message.kind === 'message' && speakerOf(message, aiActorId) === 'ai';
