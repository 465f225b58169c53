import { describe, expect, it } from '@jest/globals';
import { type Act, type ActionParts, createActions } from '../../src/api/ops/actions.ts';
import type { FollowCommandInput } from '../../src/runs/follow-command.ts';

const item = (thread: string, message = 'm1') => ({ workflowId: `message:62515:${thread}-${message}`, runId: 'r' });

const stage = (changes: Partial<ActionParts> = {}) => {
  const calls: unknown[] = [];
  const errors: unknown[] = [];
  const act = createActions({
    decide: async (of, id, decision) => {
      calls.push([of.workflowId, of.runId, id, decision]);
      return { outcome: decision.decision === 'skip' ? 'skipped' : 'replied' };
    },
    command: async (workflowId, input) => {
      calls.push([workflowId, input]);
      return { outcome: 'followed', reason: 'paused for 2h' };
    },
    repeat: async ({ workflowId }) => {
      calls.push(['repeat', workflowId]);
      return 'repeated';
    },
    failed: (error) => errors.push(error),
    ...changes,
  });
  const doing = (wanted: Partial<Act>) =>
    act({ action: 'send', items: [item('10')], text: '', by: 'Ann on /ops', once: 'once-once', ...wanted });
  return { calls, errors, doing };
};

describe('an action of an operator', () => {
  it.each([
    ['send', '', { decision: 'send', by: 'Ann on /ops' }, 'Sent to the customer.'],
    ['edit', 'Three days.', { decision: 'edit', by: 'Ann on /ops', text: 'Three days.' }, 'Sent to the customer.'],
    ['skip', '', { decision: 'skip', by: 'Ann on /ops' }, 'Skipped. No answer goes out.'],
  ] as const)('decides on the draft of the very run that was seen: %s', async (action, text, decision, words) => {
    const { calls, doing } = stage();
    expect(await doing({ action, text })).toMatchObject([{ how: 'done', words }]);
    expect(calls).toEqual([['message:62515:10-m1', 'r', `ops-once-once-${action}`, decision]]);
  });

  it('is a command as agents give it, once a thread and the same for the same form', async () => {
    const { calls, doing } = stage();
    const wanted = { action: 'pause' as const, text: '2h', items: [item('10'), item('10', 'm2'), item('11')] };
    expect(await doing(wanted)).toMatchObject([{ words: 'Paused for 2h.' }, { words: 'Paused for 2h.' }]);
    const given = calls as [string, FollowCommandInput][];
    expect(given.map(([, input]) => input)).toEqual(
      ['10', '11'].map((threadId) => ({
        portalId: '62515',
        threadId,
        command: 'pause',
        text: '2h',
        by: 'Ann on /ops',
      })),
    );
    const [first] = given;
    await doing(wanted);
    expect(calls[2]).toEqual(first);
    await doing({ ...wanted, text: '3h' });
    expect((calls[4] as [string])[0]).not.toBe(first?.[0]);
  });

  it('says in plain words why it was not done, and does the others', async () => {
    const away = new Error('down');
    const { errors, doing } = stage({
      decide: async ({ workflowId }) => {
        if (workflowId.includes(':11-')) throw away;
        if (workflowId.includes(':12-')) return { outcome: 'skipped', reason: 'owned-by-human' };
        return workflowId.includes(':13-') ? { outcome: 'replied' } : { refused: 'No draft waits for a decision' };
      },
    });
    const became = await doing({ items: ['10', '11', '12', '13'].map((thread) => item(thread)) });
    expect(became.map(({ how, words }) => `${how}: ${words}`)).toEqual([
      'failed: No draft waits for a decision.',
      expect.stringContaining('It may still happen'),
      'failed: It was not sent. The run ended as skipped: an agent owns the thread.',
      'done: Sent to the customer.',
    ]);
    expect(errors).toEqual([away]);
  });

  it('says that a command is under way where nobody has done it in time', async () => {
    const { doing } = stage({ command: async () => null });
    expect(await doing({ action: 'handoff' })).toMatchObject([{ how: 'taken' }]);
  });

  it('is about a thread only where the run is of a message', async () => {
    const { calls, doing } = stage();
    const items = [{ workflowId: 'sent:1:10-m', runId: 'r' }];
    expect(await doing({ action: 'pause', items })).toMatchObject([{ how: 'failed' }]);
    expect(calls).toEqual([]);
    expect(await doing({ action: 'retry', items })).toMatchObject([{ how: 'done' }]);
  });
});
