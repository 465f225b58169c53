import { expect, it } from '@jest/globals';
import type { MessageId } from '../../src/hubspot/ids.ts';
import { type PastRun, whyAnswer } from '../../src/rules/why-answer.ts';

const run = (outcome: string | null, reason: string | null = null): PastRun => ({
  messageId: 'm1' as MessageId,
  startedAt: '2026-01-01T12:34:56.789Z',
  outcome,
  reason,
});

it.each<[PastRun, string]>([
  [run('replied'), 'replied'],
  [run('replied', 'approved by A-77'), 'replied: approved by A-77'],
  [run('skipped', 'owned-by-human'), 'skipped: an agent owns the thread (owned-by-human)'],
  [run('skipped', 'something new'), 'skipped: something new'],
  [run('drafted', 'paused'), 'drafted: paused'],
  [run('failed'), 'failed'],
  [run(null), 'still at work, or waiting for an agent'],
])('%j is told as %j', (past, line) => {
  expect(whyAnswer([past])).toBe(
    `What happened to the latest messages, the newest first:\n\n- 2026-01-01 12:34 UTC, message m1: ${line}`,
  );
});

it('says so where nothing is known', () => {
  expect(whyAnswer([])).toBe('I know of no message on this thread.');
});
