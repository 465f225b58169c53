import { ActivityFailure, isCancellation, log } from '@temporalio/workflow';
import {
  type RefreshedSource,
  type RefreshKnowledgeResult,
  refreshKnowledgeRun,
} from '../../runs/refresh-knowledge.ts';
import { sourceReads } from '../shared/activity-options.ts';
import { parseRefreshKnowledge } from '../shared/input.ts';
import { RunStory } from '../shared/run-story.ts';

/** Each takes a thread of its worker, and what it has read so far in memory. */
const AT_ONCE = 4;

const inWords = ({ source, became, articles = 0, leftOut = 0, problem }: RefreshedSource): string =>
  became === 'failed'
    ? `${source}: ${problem}`
    : `${source}: ${articles} articles, ${became === 'new' ? 'changed' : 'as before'}${leftOut > 0 ? `, ${leftOut} left out` : ''}`;

const reasonIn = (error: unknown): string => {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};

/**
 * Reads sources of articles anew, each by an activity of its own: one that fails keeps what was read of it before, and
 * keeps no other from being read.
 * @throws {ApplicationFailure} `InvalidInput`, at once.
 */
export async function refreshKnowledge(input: unknown): Promise<RefreshKnowledgeResult> {
  const asked = parseRefreshKnowledge(input);
  const story = new RunStory<RefreshKnowledgeResult>(refreshKnowledgeRun.about(asked));
  const read = async (source: string): Promise<RefreshedSource> => {
    try {
      return await sourceReads.readSource(source, { source });
    } catch (error) {
      if (isCancellation(error)) throw error;
      return { source, became: 'failed', problem: reasonIn(error) };
    }
  };
  const sources: RefreshedSource[] = [];
  const left = [...asked.sources.entries()];
  const readOn = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) sources[next[0]] = await read(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOn));
  for (const source of sources) story.step(inWords(source));
  const failed = sources.filter(({ became }) => became === 'failed');
  if (failed.length === 0) return story.end({ outcome: 'refreshed', sources });
  const reason = `not read: ${failed.map(({ source }) => source).join(', ')}`;
  log.warn('Sources of articles could not be read: the AI answers from what was read before', { sources: failed });
  return story.end({ outcome: 'incomplete', sources, reason });
}
