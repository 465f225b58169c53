import pMap from 'p-map';
import type { PortalId, ThreadId } from '../../hubspot/ids.ts';
import type { SessionState } from '../../sessions/session-overview.ts';
import type { Conversations, MessageRun } from '../../temporal/conversations.ts';
import type { ReadRunWords, RunWords } from '../../temporal/run-words.ts';
import type { OneConversation } from './conversation-page.ts';
import type { Conversation, Found } from './conversations-page.ts';
import type { Draft, Drafts } from './drafts.ts';
import { runFilter, type Search, wordsSought } from './filter.ts';

/** What the session database knows of threads. Throws its errors. */
export interface ThreadSearch {
  speakers(threads: readonly ThreadId[]): Promise<{ portalId: PortalId; threadId: ThreadId; state: SessionState }[]>;
  spokenOnBy(state: SessionState): Promise<ThreadId[]>;
  /** Where an agent wrote soon after the AI's answer. */
  corrected(): Promise<ThreadId[]>;
}

export interface DeskSources {
  conversations: Conversations;
  /** `null`: customers' words are not shown. */
  words: ReadRunWords | null;
  /** `null`: the database is another process's. */
  threads: ThreadSearch | null;
  /** Milliseconds since the epoch. */
  clock: () => number;
  failed(error: unknown): void;
}

/** What the pages of the desk show. */
export interface Desk {
  drafts(most: number): Promise<Drafts>;
  find(search: Search): Promise<Found>;
  one(portalId: PortalId, threadId: ThreadId): Promise<OneConversation>;
}

/** Conversations on a page. */
const PAGE = 25;
/** Words are looked for in so many of the newest runs that fit otherwise: each is a history to read. */
const SEARCHED = 100;
/** Messages of one thread that are shown. */
const MESSAGES = 20;
const AT_ONCE = 6;

const key = ({ portalId, threadId }: { portalId: PortalId; threadId: ThreadId }): string => `${portalId} ${threadId}`;

const has = ({ asked, answer, handoff, sent }: RunWords, sought: string): boolean =>
  [...asked, answer ?? '', handoff ?? '', sent ?? ''].some((text) => text.toLowerCase().includes(sought.toLowerCase()));

export const createDesk = ({ conversations, words, threads, clock, failed }: DeskSources): Desk => {
  /** Words that can't be read are left out: what else is known is shown all the same. */
  const wordsOf = async ({ workflowId, runId }: MessageRun): Promise<RunWords | null> => {
    try {
      return (await words?.(workflowId, runId)) ?? null;
    } catch (error) {
      failed(error);
      return null;
    }
  };
  const withWords = async (runs: readonly MessageRun[]): Promise<Draft[]> =>
    await pMap(runs, async (run) => ({ run, words: await wordsOf(run) }), { concurrency: AT_ONCE });

  const speakersOf = async (ids: readonly ThreadId[]): Promise<Map<string, SessionState>> => {
    const known =
      (await threads?.speakers(ids).catch((error: unknown) => {
        failed(error);
        return [];
      })) ?? [];
    return new Map(known.map((one) => [key(one), one.state]));
  };

  /** The threads that the database alone can choose; absent: any. */
  const chosenThreads = async ({ speaker, corrected }: Search): Promise<{ threads?: ThreadId[] }> => {
    if (!threads || (speaker === undefined && !corrected)) return {};
    const bySpeaker = speaker === undefined ? null : await threads.spokenOnBy(speaker);
    const byAgent = corrected ? await threads.corrected() : null;
    if (bySpeaker === null || byAgent === null) return { threads: bySpeaker ?? byAgent ?? [] };
    return { threads: bySpeaker.filter((thread) => byAgent.includes(thread)) };
  };

  return {
    async drafts(most) {
      const { runs, more } = await conversations.drafts();
      return { shown: await withWords(runs.slice(0, most)), count: runs.length, more, showText: words !== null };
    },

    async find(search) {
      const filter = { ...runFilter(search, new Date(clock())), ...(await chosenThreads(search)) };
      const { runs, more } = await conversations.find(filter);
      const sought = words === null ? null : wordsSought(search);
      const read =
        sought === null
          ? new Map<MessageRun, RunWords | null>()
          : new Map<MessageRun, RunWords | null>(
              (await withWords(runs.slice(0, SEARCHED))).map((one) => [one.run, one.words]),
            );
      const fitting =
        sought === null
          ? runs
          : runs.filter((run) => {
              const known = read.get(run);
              return known ? has(known, sought) : false;
            });
      const groups = new Map<string, MessageRun[]>();
      for (const run of fitting) groups.set(key(run), [...(groups.get(key(run)) ?? []), run]);
      const from = (search.page - 1) * PAGE;
      const page = [...groups.values()].slice(from, from + PAGE);
      const speakers = await speakersOf(page.map(([run]) => run?.threadId).filter((id) => id !== undefined));
      const shown = await pMap(
        page,
        async (group): Promise<Conversation> => {
          const [newest] = group as [MessageRun];
          const known = read.get(newest);
          return {
            newest,
            messages: group.length,
            speaker: speakers.get(key(newest)) ?? null,
            words: known === undefined ? await wordsOf(newest) : known,
          };
        },
        { concurrency: AT_ONCE },
      );
      return {
        conversations: shown,
        count: groups.size,
        more: more || (sought !== null && runs.length > SEARCHED),
        hasNextPage: groups.size > from + PAGE,
        showText: words !== null,
        knowsSpeakers: threads !== null,
      };
    },

    async one(portalId, threadId) {
      const [{ runs, more }, commands, speakers] = await Promise.all([
        conversations.find({ portalId, threads: [threadId] }),
        conversations.commands({ portalId, threadId }),
        speakersOf([threadId]),
      ]);
      return {
        portalId,
        threadId,
        speaker: speakers.get(key({ portalId, threadId })) ?? null,
        messages: await withWords(runs.slice(0, MESSAGES)),
        commands,
        more: more || runs.length > MESSAGES,
        showText: words !== null,
      };
    },
  };
};
