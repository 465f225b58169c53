import { sleep } from '@temporalio/workflow';
import type { AiAnswer } from '../ai/backend.ts';
import { channelName } from '../hubspot/channels.ts';
import type { MessageId } from '../hubspot/ids.ts';
import { givenUp } from './giving-up.ts';
import { LOST_POST_SETTLES } from './insistence.ts';
import type { Question, ReplyContext } from './reply-context.ts';
import { measureLatency } from './reply-latency.ts';
import type { ReplySilence } from './reply-silence.ts';
import { seenIn } from './rules/moved.ts';
import type { Post } from './rules/what-to-post.ts';
import { unreadFilesWords } from './rules/words.ts';

/** What a run writes on the thread. */
export class ReplyPosts {
  private readonly run: ReplyContext;
  private readonly silence: ReplySilence;

  constructor(run: ReplyContext, silence: ReplySilence) {
    this.run = run;
    this.silence = silence;
  }

  /**
   * Posts if the conversation is still as it was seen; where it has moved on, the rules are asked again. `null`: another run's
   * answer has come in between, so this one has to be thought about anew.
   */
  async postUnlessThingsChanged(
    { outcome, words, to, onApproval }: Post,
    question: Question,
  ): Promise<MessageId | null> {
    if (this.run.disturbance.isNews) await this.silence.endIfSilenced();
    if (onApproval) this.run.approval.open();
    const { portalId, threadId } = this.run.asked;
    const sought = this.run.sought(outcome, words);
    let known = question.conversation;
    for (;;) {
      const post = { portalId, threadId, sought, words, to, seen: seenIn(known) };
      const posted = await this.run.insist.on(
        ({ hubspotPosts }, isLastTry) => hubspotPosts.post(inWords(to), { ...post, mayBeLost: isLastTry }),
        () => sleep(LOST_POST_SETTLES, { summary: 'a lost post may still show' }),
      );
      if (!posted.moved) {
        measureLatency(this.run, outcome);
        return posted.messageId;
      }
      if (await this.silence.hasAnotherAnswer(question, known, posted.now)) return null;
      known = posted.now ?? known;
    }
  }

  /** Where the answer was given without some of the files, agents hear of their kinds. The answer stands, whatever becomes of that. */
  async tellUnreadFiles({ unreadFiles = [] }: AiAnswer, { outcome }: Post): Promise<void> {
    if (unreadFiles.length === 0 || outcome === 'handed-off') return;
    const { portalId, threadId } = this.run.asked;
    const words = unreadFilesWords(unreadFiles);
    try {
      await this.run.insist.soon.hubspotPosts.post('tell agents which files were not read', {
        portalId,
        threadId,
        sought: this.run.sought('unread-files', words),
        words,
        to: null,
        seen: null,
      });
      this.run.story.step(`told agents of files that the AI could not read: ${unreadFiles.join(', ')}`);
    } catch (error) {
      this.run.story.step(`agents could not be told of unread files: ${givenUp(error)}`);
    }
  }
}

const inWords = (to: Post['to']): string =>
  to ? `reply on ${channelName(to.channelId)}` : 'draft as internal comment';
