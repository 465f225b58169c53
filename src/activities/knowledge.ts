import { createHash } from 'node:crypto';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import {
  fromContent,
  type SourceArticle,
  type SourceReading,
  SourceUnreadable,
  toContent,
} from '../ai/knowledge/sources/article.ts';
import { readFolder } from '../ai/knowledge/sources/folder.ts';
import { readKnowledgeBase } from '../ai/knowledge/sources/knowledge-base.ts';
import { readSite } from '../ai/knowledge/sources/site.ts';
import type { KnowledgeSource } from '../ai/knowledge/sources/source.ts';
import type { PortalId } from '../hubspot/ids.ts';
import type { KnowledgeBase } from '../hubspot/knowledge-base.ts';
import type { RefreshedSource } from '../runs/refresh-knowledge.ts';
import type { KnowledgeStore } from '../sessions/knowledge.ts';
import { toFailure } from './failures.ts';
import { heartbeatWhile } from './heartbeats.ts';

/** Reads sources of articles into the session database. */
export interface KnowledgeActivities {
  /** Makes what a source holds now what is served of it, whole or not at all. Idempotent. */
  readSource(input: { source: string }): Promise<RefreshedSource>;
}

export interface KnowledgeActivityOptions {
  sources: readonly KnowledgeSource[];
  store: KnowledgeStore;
  /** The knowledge base of a portal. @throws where the portal is not configured */
  knowledgeBaseOf(portalId: PortalId): KnowledgeBase;
  /** Which addresses sites may have: those of the internet unless given. */
  mayConnectTo?: (address: string) => boolean;
}

/** Below the activity's own timeout, so that what took too long is ours to name. */
const MOST_MS = 28 * 60_000;
/** What loses more than this share of its articles at once was hardly meant to. */
const LEAST_LEFT = 0.5;

/** What a source is read by, but for its name: after a change it is read anew, and may hold less. */
export const settingsHash = ({ name: _, ...settings }: KnowledgeSource): string =>
  createHash('sha256').update(JSON.stringify(settings)).digest('hex');

const failureOf = (error: unknown): unknown => {
  if (!(error instanceof SourceUnreadable)) return toFailure(error);
  return ApplicationFailure.create({ type: error.name, message: error.message, nonRetryable: !error.passes });
};

export const createKnowledgeActivities = ({
  sources,
  store,
  knowledgeBaseOf,
  mayConnectTo,
}: KnowledgeActivityOptions): KnowledgeActivities => {
  const read = (
    source: KnowledgeSource,
    previous: ReadonlyMap<string, SourceArticle>,
    signal: AbortSignal,
  ): Promise<SourceReading> => {
    const web = { signal, previous, ...(mayConnectTo ? { mayConnectTo } : {}) };
    switch (source.type) {
      case 'folder':
        return readFolder(source.folder, { signal });
      case 'site':
        return readSite(source, web);
      case 'hubspot':
        return readKnowledgeBase(source, knowledgeBaseOf(source.portalId), web);
    }
  };

  const judge = (found: number, before: number, { allowLoss }: KnowledgeSource, hasChanged: boolean): void => {
    if (found === 0) {
      throw new SourceUnreadable('It holds no article: check what it names, and that its files or pages hold text', {
        passes: false,
      });
    }
    if (allowLoss || hasChanged || found >= before * LEAST_LEFT) return;
    throw new SourceUnreadable(
      `Only ${found} of ${before} articles were found, so those from before are served: ` +
        'correct it, or set allowLoss: true',
      { passes: false },
    );
  };

  const refresh = async (source: KnowledgeSource, signal: AbortSignal): Promise<RefreshedSource> => {
    const { name, language } = source;
    const [{ contents }, [state]] = await Promise.all([store.served([name]), store.states([name])]);
    const previous = new Map(contents.map(({ content }) => fromContent(content)).map((one) => [one.path, one]));
    const { articles, leftOut } = await read(source, previous, signal);
    const settings = settingsHash(source);
    judge(articles.length, contents.length, source, state?.settings !== settings);
    const hashes = await store.keep(articles.map((one) => toContent({ ...one, language: one.language ?? language })));
    signal.throwIfAborted();
    const [first] = leftOut;
    const { changed } = await store.switchTo({
      source: name,
      settings,
      hashes,
      leftOut: leftOut.length,
      leftOutExample: first ? `${first.path}: ${first.reason}` : null,
    });
    return {
      source: name,
      became: changed ? 'new' : 'same',
      articles: articles.length,
      ...(leftOut.length > 0 ? { leftOut: leftOut.length } : {}),
    };
  };

  return {
    async readSource({ source: name }) {
      const source = sources.find((one) => one.name === name);
      if (!source) {
        throw ApplicationFailure.create({
          type: 'UnknownSource',
          message: `KNOWLEDGE_SOURCES of this worker names no source called ${name}`,
          nonRetryable: true,
        });
      }
      const stopped = cancellationSignal();
      try {
        const signal = AbortSignal.any([stopped, AbortSignal.timeout(MOST_MS)]);
        return await heartbeatWhile(() => refresh(source, signal));
      } catch (error) {
        stopped.throwIfAborted();
        const isOurs = (error as Error).name === 'TimeoutError';
        const why = isOurs
          ? new SourceUnreadable(`It takes longer than ${MOST_MS / 60_000} minutes: divide it`, { passes: false })
          : error;
        await store.noteProblem(name, (why as Error).message.split('\n')[0] ?? 'unknown error').catch(() => undefined);
        throw failureOf(why);
      }
    },
  };
};
