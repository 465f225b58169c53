import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { readConversations } from '../../eval/conversation.ts';
import { evalCase } from '../../src/api/ops/eval-case.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import type { TestQuestionResult } from '../../src/runs/test-question.ts';

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-case-'));
afterAll(() => rmSync(folder, { recursive: true }));

const result = (changes: Partial<TestQuestionResult>): TestQuestionResult => ({
  outcome: 'tested',
  would: 'send',
  text: 'Two days.',
  sources: [{ title: 'Shipping: how long?', path: 's.md' }],
  confidence: null,
  near: [],
  rules: [],
  tools: [],
  ...changes,
});

it.each([
  [
    'How long?\n- "really": #1',
    result({ language: 'de' }),
    { action: 'reply', source: ['Shipping: how long?'], language: 'de' },
  ],
  ['Hi', result({ sources: [] }), { action: 'reply', source: [] }],
  ['Held back', result({ would: 'approve' }), { action: 'reply' }],
  ['A human!', result({ would: 'handoff', text: '', sources: [] }), { action: 'handoff', source: [] }],
  ['Refund', result({ would: 'handoff', text: 'No.' }), { action: 'handoff', source: [] }],
])('a tried question is a case that the evaluation reads: %s', (question, tested, expected) => {
  const file = join(folder, 'case.yaml');
  writeFileSync(file, evalCase({ portalId: '1' as PortalId, channel: 'email', question }, tested));
  const [conversation, ...others] = readConversations(file);
  expect(others).toEqual([]);
  expect(conversation).toMatchObject({ channel: 'email', turns: [{ customer: [question], expect: expected }] });
});
