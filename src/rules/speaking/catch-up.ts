import type { ListedThread, Message } from '../../hubspot/conversation.ts';
import type { ActorId, MessageId, PortalId, ThreadId } from '../../hubspot/ids.ts';
import { earlierPost } from '../replying/own-post.ts';
import type { PortalSettings } from '../settings.ts';
import { hasHumanReplied, isBySameAuthor } from './burst.ts';
import { whyNotForAi } from './message-filter.ts';
import { whyAiMayNotSpeak } from './owner-gate.ts';

/** A message this young is left to its webhook, in ms. */
const WEBHOOK_MS = 60_000;

/**
 * A message this young is looked at once more by the next run, in ms: HubSpot's clock is not ours, and its lists may
 * lag. A clock that is wrong by more refuses every webhook.
 */
const UNSETTLED_MS = 5 * 60_000;

/** An agent who answers sooner after a message, in ms, may have written before it came. */
const CROSSED_MS = 5_000;

/** A run reads this many threads, a few a second. The next one reads what is left. */
const MOST_THREADS = 500;

/** One run looks through so many portals. */
const BATCH = 100;

/** A portal without a message for so long, in ms, is silent: it is looked at less often. */
const SILENT_AFTER_MS = 24 * 60 * 60_000;

/** A silent portal is looked at in every third interval, but so often at least, in ms. */
const SILENT_EVERY_MS = 15 * 60_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/** Portals that are looked through together. */
export interface Batch {
  /** Its place among the batches, from 0 on. */
  batch: number;
  portals: PortalSettings[];
  /** Its runs begin this often, in ms: as often as the one of its portals that is looked at most often. */
  everyMs: number;
}

const byId = ({ portalId: one }: { portalId: PortalId }, { portalId: other }: { portalId: PortalId }): number =>
  one < other ? -1 : Number(one > other);

/** Every portal that is to be looked through, in batches. A new portal moves few others to the next batch. */
export const batchesOf = (portals: readonly PortalSettings[]): Batch[] => {
  const wanted = portals.filter(({ catchUpIntervalMs }) => catchUpIntervalMs > 0).sort(byId);
  return Array.from({ length: Math.ceil(wanted.length / BATCH) }, (_, batch) => {
    const own = wanted.slice(batch * BATCH, (batch + 1) * BATCH);
    return { batch, portals: own, everyMs: Math.min(...own.map(({ catchUpIntervalMs }) => catchUpIntervalMs)) };
  });
};

/**
 * Says whether a portal's turn has come. `lookedAt`, `newsAt`: when it was looked at, and when that found a message
 * last, ISO times; `null`: never.
 */
export const isDue = (
  now: number,
  { lookedAt, newsAt }: { lookedAt: string | null; newsAt: string | null },
  { catchUpIntervalMs }: Pick<PortalSettings, 'catchUpIntervalMs'>,
  everyMs: number,
): boolean => {
  if (lookedAt === null) return true;
  const isSilent = newsAt !== null && now - Date.parse(newsAt) >= SILENT_AFTER_MS;
  const silentMs = Math.max(catchUpIntervalMs, Math.min(3 * catchUpIntervalMs, SILENT_EVERY_MS));
  const ownMs = isSilent ? silentMs : catchUpIntervalMs;
  // Whoever triggers a run by hand has every portal looked at that each run looks at.
  return ownMs <= everyMs || now - Date.parse(lookedAt) >= ownMs - everyMs / 2;
};

/** The messages that a run looks for. ISO times. */
export interface Stretch {
  /** Older messages are not answered. */
  oldest: string;
  /** Only threads with a message after that have news. */
  after: string;
  /** Threads with a message after that are left to the webhooks, or the next run. */
  until: string;
}

/** From where the run before has ended (`from`), or as far back as messages are answered, to a minute ago. */
export const stretchToCheck = (
  now: number,
  from: string | undefined,
  { maxMessageAgeMs }: Pick<PortalSettings, 'maxMessageAgeMs'>,
): Stretch => {
  const oldest = now - maxMessageAgeMs;
  const before = from === undefined ? oldest : Date.parse(from);
  return { oldest: iso(oldest), after: iso(Math.max(oldest, before)), until: iso(now - WEBHOOK_MS) };
};

/** Threads to read, those with the oldest news first. */
export interface ThreadsWithNews {
  threadIds: ThreadId[];
  /** There are more, all of them with news after this ISO time; `null`: that is all. */
  cutAt: string | null;
}

/** Nobody has answered the newest message that came in, as far as a list of threads shows. */
const mayWait = ({ latestReceivedAt, latestSentAt }: ListedThread): boolean =>
  latestReceivedAt === null ||
  latestSentAt === null ||
  Date.parse(latestSentAt) - Date.parse(latestReceivedAt) < CROSSED_MS;

/** The threads on which the AI may speak and a customer may wait, as far as a list of threads shows. */
export const threadsToRead = (
  threads: ListedThread[],
  { until }: Pick<Stretch, 'until'>,
  settings: PortalSettings,
): ThreadsWithNews => {
  // On which channel the newest message came is not in the list; its run knows.
  const { default: rest, channels } = settings.autonomy;
  const levels = [rest, ...Object.values(channels)].filter((level) => level !== 'off');
  const at = ({ latestMessageAt }: ListedThread): number => Date.parse(latestMessageAt);
  const waiting = threads
    .filter((thread) => at(thread) <= Date.parse(until) && mayWait(thread))
    .filter((thread) => levels.some((level) => whyAiMayNotSpeak(thread, settings, level) === null))
    .sort((a, b) => at(a) - at(b));
  const last = waiting.length > MOST_THREADS ? waiting[MOST_THREADS - 1] : undefined;
  if (!last) return { threadIds: waiting.map(({ id }) => id), cutAt: null };
  // Threads of the last one's millisecond count too, since the next run begins after it.
  const threadIds = waiting.filter((thread) => at(thread) <= at(last)).map(({ id }) => id);
  return { threadIds, cutAt: last.latestMessageAt };
};

/** Where the next run goes on: after the last thread, and before what is too young to be sure of. */
export const checkedUntil = (now: number, cutAt: string | null): string =>
  iso(Math.min(cutAt === null ? now : Date.parse(cutAt), now - UNSETTLED_MS));

/**
 * The newest message of each customer, where neither an agent nor the AI has answered it and it isn't older than
 * `oldest`
 * (ISO time); the oldest first, as `messages` are. Its run answers all that they wrote before it (design promise 5).
 * Where HubSpot strips keys, an answer of the AI's isn't known for one: the message's run is then asked for once more,
 * and it exists.
 */
export const messagesLeftUnanswered = (messages: Message[], aiActorId: ActorId, oldest: string): MessageId[] => {
  const newestOfEach: Message[] = [];
  for (const message of messages.toReversed()) {
    if (whyNotForAi(message, { aiActorId, appId: null }) !== null) continue;
    if (!newestOfEach.some((newer) => isBySameAuthor(newer, message))) newestOfEach.unshift(message);
  }
  return newestOfEach
    .filter(({ createdAt }) => Date.parse(createdAt) >= Date.parse(oldest))
    .filter((newest) => !hasHumanReplied(messages, newest, aiActorId) && earlierPost(messages, newest.id) === null)
    .map(({ id }) => id);
};
