import type { PortalId } from '../hubspot/ids.ts';
import type { RunType } from './run-type.ts';

export type { NearArticle, TestQuestionResult } from '../rules/replying/test-verdict.ts';

export interface TestQuestionInput {
  portalId: PortalId;
  /** By its name, such as `email`. */
  channel: string;
  question: string;
  /** Who asks, as they say. */
  by?: string;
}

/** One run for each question that an operator tries: nothing is posted, no conversation is counted. */
export const testQuestionRun = {
  type: 'testQuestion',
  title: 'Test question',
  about: ({ portalId, channel }: TestQuestionInput) => ({ portalId, detail: channel }),
  workflowId: ({ portalId }: TestQuestionInput, id: string) => `test:${portalId}:${id}`,
  urgency: 'reply',
  example: { portalId: '62515', channel: 'live chat', question: 'How long does shipping take?' },
} as const satisfies RunType<TestQuestionInput, [id: string]>;
