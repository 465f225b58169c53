import type { RunType } from './run-type.ts';

export interface RefreshKnowledgeInput {
  /** The names of the sources that are read. */
  sources: string[];
}

/** What became of one source. */
export interface RefreshedSource {
  source: string;
  /**
   * `new`: another version is served now; `same`: it was read, and is as it was; `failed`: what was served before still
   * is.
   */
  became: 'new' | 'same' | 'failed';
  /** So many articles are served. */
  articles?: number;
  /** So many pages or files were left out. */
  leftOut?: number;
  /** Of one that failed. */
  problem?: string;
}

export interface RefreshKnowledgeResult {
  /** `incomplete`: some source failed. */
  outcome: 'refreshed' | 'incomplete';
  sources: RefreshedSource[];
  /** Which failed. */
  reason?: string;
}

/** One run each time that the schedule of this workflow ID fires; Temporal adds the time to it. */
export const refreshKnowledgeRun = {
  type: 'refreshKnowledge',
  title: 'Read knowledge',
  about: ({ sources }: RefreshKnowledgeInput) => ({
    detail: `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}`,
  }),
  workflowId: (_input: object, taskQueue: string) => `knowledge:${taskQueue}`,
  example: { sources: ['https://example.com/sitemap.xml'] },
} as const satisfies RunType<RefreshKnowledgeInput, [taskQueue: string]>;
