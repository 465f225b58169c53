import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { settingsHash } from '../activities/knowledge.ts';
import type { PortalAis } from '../ai/index.ts';
import { type Passage, passagesOf } from '../ai/knowledge/passages.ts';
import { fromContent } from '../ai/knowledge/sources/article.ts';
import type { KnowledgeSource } from '../ai/knowledge/sources/source.ts';
import type { KnowledgeStore } from '../sessions/knowledge.ts';

/** What is read is served so soon, in ms: a question of the versions costs the database next to nothing. */
const LOOK_MS = 15_000;

/** AIs that answer from what sources hold now. */
export interface LiveAis {
  ais: PortalAis;
  /** Some source was never read, or not with its settings of now. */
  isUnread: boolean;
  /** Looks for new versions until the signal; never throws. */
  watch(signal: AbortSignal): Promise<void>;
}

const isSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([source, version]) => other.get(source) === version);

/**
 * The AI of every portal over the sources' articles in the session database. A new version is read and indexed while
 * the one before still answers, and takes its place at once.
 */
export const openLiveAis = async ({
  sources,
  store,
  openAis,
  logger,
  lookMs = LOOK_MS,
}: {
  sources: readonly KnowledgeSource[];
  store: KnowledgeStore;
  /** Makes the AIs anew, over these passages. */
  openAis(passages: readonly Passage[]): Promise<PortalAis>;
  logger: Logger;
  /** How often it looks for new versions, in ms; every 15 s unless given. */
  lookMs?: number | undefined;
}): Promise<LiveAis> => {
  const names = sources.map(({ name }) => name);
  const open = async () => {
    const { versions, contents } = await store.served(names);
    const passages = await passagesOf(contents.map(({ content }) => fromContent(content)));
    return { versions, articles: contents.length, ais: await openAis(passages) };
  };
  let current = await open();
  const states = new Map((await store.states(names)).map((state) => [state.source, state]));
  const unread = sources.filter((source) => states.get(source.name)?.settings !== settingsHash(source));
  const empty = names.filter((name) => !current.versions.has(name));
  if (empty.length > 0)
    logger.warn({ sources: empty }, 'Sources have not been read yet: questions about them are handed over');

  const look = async (): Promise<void> => {
    if (isSame(await store.versions(names), current.versions)) return;
    current = await open();
    logger.info({ articles: current.articles, sources: current.versions.size }, 'Answers come from new articles');
  };
  return {
    ais: {
      backendOf: (portalId) => current.ais.backendOf(portalId),
      linkDomainsOf: (portalId) => current.ais.linkDomainsOf(portalId),
    },
    isUnread: unread.length > 0,
    async watch(signal) {
      let isFailing = false;
      while (!signal.aborted) {
        try {
          await delay(lookMs, undefined, { signal, ref: false });
          await look();
          isFailing = false;
        } catch (err) {
          if (signal.aborted) return;
          if (!isFailing) logger.warn({ err }, 'Whether there are new articles could not be looked up');
          isFailing = true;
        }
      }
    },
  };
};
