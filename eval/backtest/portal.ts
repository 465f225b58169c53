import { setTimeout as delay } from 'node:timers/promises';
import { MESSAGE_TEXT, readNewest } from '../../src/activities/reading.ts';
import type { Config, Portal } from '../../src/config.ts';
import { createHubSpotClient, type HubSpotClient } from '../../src/hubspot/client.ts';
import type { Conversation, Message } from '../../src/hubspot/conversation.ts';
import { HubSpotNotFound, HubSpotRateLimited, HubSpotRefused, HubSpotUnavailable } from '../../src/hubspot/errors.ts';
import type { HubSpotHttpOptions } from '../../src/hubspot/http.ts';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { readMessage, type SenderRules } from '../../src/rules/mail/message-reading.ts';
import type { FullTexts } from '../../src/rules/replying/reply-request.ts';

/** Something that reads only was about to write: a bug here, which goes no further. */
export class WouldWrite extends Error {
  override readonly name = 'WouldWrite';
}

const TIMEOUT_MS = 20_000;
const TRIES = 5;
/** Who has to wait longer than that is better off beginning again later. */
const LONGEST_WAIT_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
const MOST_MESSAGES = { messages: 60 };
const FULL_TEXTS = 10;
const FULL_TEXT = 20_000;

/** Lets calls begin one after another, so many a second. */
const pacer = (callsPerSecond: number): (() => Promise<void>) => {
  let next = 0;
  return async () => {
    const now = performance.now();
    next = Math.max(now, next + 1_000 / callsPerSecond);
    if (next > now) await delay(next - now);
  };
};

/** Goes around every call of HubSpot's: lets only reads through, so many a second. @throws {WouldWrite} */
export const readsOnly = (callsPerSecond: number): NonNullable<HubSpotHttpOptions['around']> => {
  const inTurn = pacer(callsPerSecond);
  return async (method, template, call) => {
    if (method !== 'GET') throw new WouldWrite(`A backtest reads only, and this is ${method} ${template}`);
    await inTurn();
    return await call();
  };
};

const waitAfter = (error: unknown, attempt: number): number | null => {
  if (error instanceof HubSpotRateLimited) return error.retryAfterMs;
  if (error instanceof HubSpotUnavailable) return error.retryAfterMs ?? 500 * 2 ** attempt;
  return null;
};

/** Tries again what HubSpot could not answer at the moment. */
const patiently = async <T>(read: () => Promise<T>): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      const wait = waitAfter(error, attempt);
      if (wait === null || attempt === TRIES || wait > LONGEST_WAIT_MS) throw error;
      await delay(wait);
    }
  }
};

/** A portal's threads, for reading only: a call that would write is refused before it goes out. */
export interface ReadOnlyPortal {
  /** The newest closed threads with a customer's message, the newest first, `most` of the last `days` at most. */
  closedThreads(most: number, days: number): Promise<ThreadId[]>;
  /** The newest messages of a thread, read as the product reads them; `null`: HubSpot does not show it. */
  conversation(threadId: ThreadId): Promise<Conversation | null>;
  /** The whole of what messages say that HubSpot had cut. */
  inFull(threadId: ThreadId, burst: Message[]): Promise<FullTexts>;
}

/** `callsPerSecond`: of HubSpot's 10 to 19, for the product's own answers need them too. */
export const openReadOnly = (
  { hubspotApiUrl, hubspotApiVersion }: Pick<Config, 'hubspotApiUrl' | 'hubspotApiVersion'>,
  { settings, accessToken }: Pick<Portal, 'settings' | 'accessToken'>,
  callsPerSecond: number,
  now: () => number = Date.now,
): ReadOnlyPortal => {
  const client: HubSpotClient = createHubSpotClient({
    portalId: settings.portalId,
    accessToken,
    apiUrl: hubspotApiUrl,
    apiVersion: hubspotApiVersion,
    timeoutMs: TIMEOUT_MS,
    around: readsOnly(callsPerSecond),
  });
  const { aiActorId, colleagueDomains = [], answerSenders = [], ignoreSenders = [] } = settings;
  const senders: SenderRules = { aiActorId, colleagueDomains, answerSenders, ignoreSenders };

  return {
    async closedThreads(most, days) {
      // HubSpot lists the oldest first: a short stretch that holds enough saves the pages of a long one.
      for (let back = Math.min(1, days); ; back = Math.min(back * 4, days)) {
        const after = new Date(now() - back * DAY_MS).toISOString();
        const threads = await patiently(() => client.threadsWithMessagesAfter(after));
        const closed = threads
          .filter(({ status, spam, latestReceivedAt }) => status === 'CLOSED' && !spam && latestReceivedAt !== null)
          .sort((a, b) => Date.parse(b.latestMessageAt) - Date.parse(a.latestMessageAt));
        if (closed.length >= most || back >= days) return closed.slice(0, most).map(({ id }) => id);
      }
    },

    async conversation(threadId) {
      try {
        const found = await patiently(() => client.conversation(threadId, MESSAGE_TEXT, MOST_MESSAGES));
        return { ...found, messages: readNewest(found.messages, senders) };
      } catch (error) {
        if (error instanceof HubSpotNotFound || error instanceof HubSpotRefused) return null;
        throw error;
      }
    },

    async inFull(threadId, burst) {
      const texts = [];
      for (const { id } of burst.filter(({ truncated }) => truncated).slice(-FULL_TEXTS)) {
        const original = await patiently(() => client.original(threadId, id, FULL_TEXT));
        const read = original.message && readMessage(original.message, senders, original);
        const words = read?.reading?.words;
        texts.push({ messageId: id, text: read?.text ?? original.whole, ...(words ? { words } : {}) });
      }
      return texts;
    },
  };
};
