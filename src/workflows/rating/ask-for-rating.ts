import { log, metricMeter, sleep, workflowInfo } from '@temporalio/workflow';
import type { RatingMatter } from '../../activities/ratings.ts';
import { channelName } from '../../hubspot/channels.ts';
import { durationWords } from '../../rules/duration.ts';
import { asksForRatings, type NotAskedReason, whyNotAsk } from '../../rules/rating/may-ask.ts';
import { ratingQuestion } from '../../rules/rating/rating-question.ts';
import type { RatingSettings, Score } from '../../rules/rating/rating-settings.ts';
import { postKeyOf } from '../../rules/replying/own-post.ts';
import { snapshotOf } from '../../rules/replying/thread-snapshot.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import {
  type AskForRatingInput,
  type AskForRatingResult,
  askForRatingRun,
  closingIn,
} from '../../runs/ask-for-rating.ts';
import { failureReason } from '../shared/activity-failures.ts';
import { activitiesOf, portalSettings } from '../shared/activity-options.ts';
import { parseAskForRating } from '../shared/input.ts';
import { leaveNotice } from '../shared/leave-notice.ts';
import { RunStory } from '../shared/run-story.ts';
import { Answers } from './answers.ts';

/** HubSpot may be away for so long: a question that comes much later is about nothing that anybody remembers. */
const GIVE_UP_MS = 60 * 60_000;

const ratings = () =>
  metricMeter.createCounter('threadkeeper_ratings_total', 'rating', "Customers' ratings, by portal and score");

/** One ask, as its steps know it. */
interface Ask {
  asked: AskForRatingInput;
  settings: PortalSettings & { csat: RatingSettings };
  story: RunStory<AskForRatingResult>;
  calls: ReturnType<typeof activitiesOf>;
  answers: Answers;
  workflowId: string;
}

/** A step ends the run: the customer is not asked. */
class NotAsked extends Error {
  override readonly name = 'NotAsked';
  readonly reason: NotAskedReason;

  constructor(reason: NotAskedReason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Asks the customer of a closed thread, once, how good the help was, where the AI has answered them, and waits for the
 * rating. It comes by the link of an email (the Update `rate`), or as a message on the thread (the signal `rated`, from
 * that message's run). Nothing that the customer writes meanwhile ends the wait, and it holds no answer up.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function askForRating(input: unknown): Promise<AskForRatingResult> {
  const asked = parseAskForRating(input);
  const answers = new Answers();
  const settings = await portalSettings(asked.portalId);
  const story = new RunStory<AskForRatingResult>(askForRatingRun.about(asked), settings);
  if (!asksForRatings(settings)) return story.end({ outcome: 'not-asked', reason: 'csat-off' });
  const calls = activitiesOf(asked.portalId, 'sync', GIVE_UP_MS);
  const ask: Ask = { asked, settings, story, calls, answers, workflowId: workflowInfo().workflowId };
  const { delayMs, waitMs } = settings.csat;

  if (delayMs > 0) {
    story.wait(`the thread to stay closed, ${durationWords(delayMs)}`);
    await sleep(delayMs, { summary: 'it may be opened again' });
  }
  let channel: string;
  try {
    channel = await askCustomer(ask);
  } catch (error) {
    return story.end({ outcome: 'not-asked', reason: error instanceof NotAsked ? error.reason : gaveUp(story, error) });
  }
  story.wait(`a rating, ${durationWords(waitMs)}`);
  const score = await answers.wait(waitMs);
  if (score === null) return story.end({ outcome: 'not-rated', reason: 'no-answer' });
  await keep(ask, score, channel);
  return story.end({ outcome: 'rated', score });
}

/** Nobody asks the customer an hour later. @throws what no activity has failed with */
const gaveUp = (story: Ask['story'], error: unknown): NotAskedReason => {
  story.step(`given up: ${failureReason(error)}`);
  return 'gave-up';
};

/** Asks, and gives the channel. @throws {NotAsked} */
const askCustomer = async (ask: Ask): Promise<string> => {
  const { asked, settings, story, calls, answers, workflowId } = ask;
  const { lastReply, stopped, paused }: RatingMatter = await calls.sessionCalls.ratingMatter('what the AI did', asked);
  if (lastReply === null) throw new NotAsked('not-answered');
  if (stopped) throw new NotAsked('stopped');
  if (paused) throw new NotAsked('paused');
  const { answeredMessageId, language, at: repliedAt } = lastReply;
  const found = await calls.hubspotReads.lookAgain('whether the thread is still closed', {
    ...asked,
    messageId: answeredMessageId,
  });
  if (found === null) throw new NotAsked('message-not-found');
  const { now, message } = found;
  const channel = channelName(message.channelId);
  story.onChannel(channel);
  const reason = whyNotAsk(now, message, settings, { repliedAt, now: Date.now() });
  if (reason) throw new NotAsked(reason);
  const eventId = closingIn(workflowId, asked) ?? '';
  const link = { ...asked, eventId, token: answers.token, language: language ?? undefined };
  const question = ratingQuestion(message, settings, link);
  if ('none' in question) throw new NotAsked(question.none);

  const note = { ...asked, answeredMessageId, workflowId, channel };
  if (!(await calls.sessionCalls.noteAsk('once for each answer', note))) throw new NotAsked('asked-already');
  answers.open();
  const { words, to } = question;
  const sought = { key: postKeyOf(answeredMessageId, 'rating'), text: words.text, since: message.createdAt };
  const post = { ...asked, sought, words, to, seen: snapshotOf(now) };
  const why = await calls.hubspotPosts.post('ask for a rating', post).then(
    (posted): NotAskedReason | null => (posted.moved ? (posted.stopped ? 'stopped' : 'moved-on') : null),
    (error: unknown): NotAskedReason => gaveUp(story, error),
  );
  if (why === null) return channel;
  await calls.sessionCalls.withdrawAsk('nobody was asked', { ...asked, workflowId });
  throw new NotAsked(why);
};

/** Writes the rating down wherever somebody looks for it. */
const keep = async ({ asked, settings, story, workflowId }: Ask, score: Score, channel: string): Promise<void> => {
  ratings().add(1, { portal: asked.portalId, score: String(score) });
  leaveNotice(settings, story, {
    event: 'csat',
    about: workflowId,
    threadId: asked.threadId,
    channel,
    reason: 'rated',
    score,
  });
  story.step(`rated: ${score} of 5`);
  try {
    const { sessionCalls } = activitiesOf(asked.portalId, 'sync');
    await sessionCalls.noteRating(`${score} of 5`, { ...asked, workflowId, score });
  } catch (error) {
    const reason = failureReason(error);
    log.error('A rating could not be recorded', { ...asked, reason });
    story.step(`the session store could not record it: ${reason}`);
  }
};
