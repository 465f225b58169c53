import { describe, expect, it } from '@jest/globals';
import type { FolderSource } from '../../src/ai/knowledge/sources/source.ts';
import { checkSources, judgeSource } from '../../src/doctor/knowledge.ts';
import type { SourceState } from '../../src/sessions/knowledge.ts';

const source: FolderSource = { type: 'folder', name: 'help', folder: '/help', language: null, allowLoss: false };
const state: SourceState = {
  source: 'help',
  version: 'v',
  articles: 12,
  leftOut: 0,
  leftOutExample: null,
  readAt: new Date('2026-02-03T04:05:06Z'),
  triedAt: new Date('2026-02-03T05:05:06Z'),
  problem: null,
  settings: 's',
};

describe('what doctor says of a source', () => {
  it.each([
    ['never tried', undefined, 'warning', '/help has not been read yet.'],
    ['read', state, 'ok', '12 articles of /help, read at 2026-02-03 04:05 UTC.'],
    [
      'read but for some files',
      { ...state, articles: 1, leftOut: 2, leftOutExample: 'a.pdf: it holds no text' },
      'info',
      '1 article of /help, read at 2026-02-03 04:05 UTC. Left out: 2, such as a.pdf: it holds no text.',
    ],
    [
      'read once, and no more',
      { ...state, problem: 'The disk is away' },
      'warning',
      'The AI still answers from 12 articles of /help, read at 2026-02-03 04:05 UTC. ' +
        'Reading again at 2026-02-03 05:05 UTC failed: The disk is away.',
    ],
    [
      'never readable',
      { ...state, version: null, readAt: null, problem: 'The folder is not there' },
      'problem',
      '/help could never be read: The folder is not there.',
    ],
  ])('%s', (_, known, level, message) => {
    expect(judgeSource(source, known)).toMatchObject({ level, message });
  });

  it('that it can’t see, as the embedded database is the worker’s', async () => {
    const sources = { sources: [source], refreshMs: 1 };
    const [finding] = await checkSources({ knowledgeSources: sources, databaseUrl: undefined }, 1_000);
    expect(finding).toMatchObject({ check: 'knowledge help', level: 'info' });
    expect(await checkSources({ knowledgeSources: null, databaseUrl: undefined }, 1_000)).toEqual([]);
  });

  it('where its database can’t be reached', async () => {
    const databaseUrl = 'postgres://nobody:secret@127.0.0.1:1/none';
    const [finding] = await checkSources({ knowledgeSources: { sources: [source], refreshMs: 1 }, databaseUrl }, 5_000);
    expect(finding).toMatchObject({ level: 'problem' });
    expect(JSON.stringify(finding)).not.toContain('secret');
  });
});
