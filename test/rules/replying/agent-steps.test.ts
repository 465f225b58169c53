import { describe, expect, it } from '@jest/globals';
import type { CallOutcome, FinishedCall } from '../../../src/ai/steps.ts';
import {
  callInWords,
  callsInWords,
  changesInWords,
  LONGEST_RESULTS,
  UNKNOWN,
  verdictOn,
  wishesInWords,
  withinRoom,
} from '../../../src/rules/replying/agent-steps.ts';

const TRIAL = 'the AI is on trial here, so nothing is changed';

describe('what becomes of a call', () => {
  it.each([
    // rule, level, only drafts: what is done
    ['reads', 'auto', false, 'call'],
    ['reads', 'approve', false, 'call'],
    ['reads', 'draft', true, 'call'],
    ['reads', 'shadow', true, 'call'],
    ['reads', 'off', false, 'call'],
    ['safe', 'auto', false, 'call'],
    ['safe', 'auto', true, 'ask-agent'],
    ['safe', 'approve', false, 'call'],
    ['safe', 'approve', true, 'ask-agent'],
    ['safe', 'draft', false, 'ask-agent'],
    ['safe', 'shadow', false, TRIAL],
    ['safe', 'off', false, TRIAL],
    ['approve', 'auto', false, 'ask-agent'],
    ['approve', 'approve', true, 'ask-agent'],
    ['approve', 'draft', false, 'ask-agent'],
    ['approve', 'shadow', false, TRIAL],
    ['approve', 'off', true, TRIAL],
  ] as const)('of rule %s at %s, only drafts: %s: %s', (rule, level, onlyDrafts, expected) => {
    const verdict = verdictOn({ rule }, { level, onlyDrafts });
    expect(verdict).toEqual(
      expected === TRIAL ? { does: 'nothing', outcome: { ok: false, why: TRIAL } } : { does: expected },
    );
  });

  it.each(['reads', 'safe', 'approve'] as const)('of rule %s that has an outcome already: that', (rule) => {
    const outcome = { ok: false, why: 'it was called before' } as const;
    expect(verdictOn({ rule, outcome }, { level: 'auto', onlyDrafts: false })).toEqual({ does: 'nothing', outcome });
  });
});

const given = (length: number): CallOutcome => ({ ok: true, text: 'x'.repeat(length) });
const FRAME = JSON.stringify({ ok: true, text: '' }).length;
const LEFT_OUT = { ok: true, text: '[left out: too much was looked up before]' };

describe('the room for what calls of one answer give', () => {
  it('takes each outcome as a whole or not at all, the first ones first', () => {
    const half = LONGEST_RESULTS / 2 - FRAME;
    const all = [given(half), given(half + 1), given(half), given(1)];
    expect(withinRoom(all, [])).toEqual([given(half), LEFT_OUT, given(half), LEFT_OUT]);
  });

  it('is what the steps before have left of it', () => {
    expect(withinRoom([given(10)], [{ outcome: given(LONGEST_RESULTS) }])).toEqual([LEFT_OUT]);
    expect(withinRoom([given(10)], [{ outcome: given(LONGEST_RESULTS - 10 - 2 * FRAME) }])).toEqual([given(10)]);
  });

  it('keeps why a call failed, and articles, whose room is another', () => {
    const full = [{ outcome: given(LONGEST_RESULTS) }];
    const kept: CallOutcome[] = [
      { ok: false, why: 'it is not available now' },
      { ok: true, found: [] },
    ];
    expect(withinRoom(kept, full)).toEqual(kept);
    const found = [{ query: 'q', passages: [], leftOut: 9 }];
    expect(withinRoom([given(10)], [{ outcome: { ok: true, found } }])).toEqual([given(10)]);
  });
});

const call = (name: string, outcome: CallOutcome, rule: FinishedCall['rule'] = 'reads'): FinishedCall => ({
  ...{ id: name, name, input: { secret: 'words' }, rule, outcome },
});
const DONE: CallOutcome = { ok: true, text: '{}' };

describe('calls in words', () => {
  it.each([
    ['searchKnowledge', 'search the articles'],
    ['readCustomer', "read the customer's properties"],
    ['readTicket', "read the ticket's properties"],
    ['orderStatus', 'call orderStatus'],
  ])('%s: %s', (name, words) => expect(callInWords(name)).toBe(words));

  it('name what a model wants once, and no name that it made up', () => {
    const wanted = ['orderStatus', 'none', 'orderStatus', 'searchKnowledge'].map((name) => ({ name }));
    expect(wishesInWords(wanted)).toBe('call orderStatus, call what is no tool, search the articles');
  });

  it('tell agents of the business’s tools alone: what was done, and why what was not', () => {
    const calls = [
      call('searchKnowledge', DONE),
      call('none', { ok: false, why: 'there is no such tool' }),
      call('orderStatus', DONE),
      call('orderStatus', DONE),
      call('cancelOrder', DONE, 'approve'),
      call('holdOrder', { ok: false, why: UNKNOWN }, 'safe'),
      call('refund', { ok: false, why: 'an agent decided against it' }, 'approve'),
    ];
    expect(callsInWords(calls)).toEqual([
      'orderStatus',
      'cancelOrder (done)',
      'holdOrder (nobody knows whether it was done)',
      'refund (an agent decided against it)',
    ]);
    expect(changesInWords(calls.filter(({ rule }) => rule !== 'reads'))).toEqual([
      'cancelOrder (done)',
      'holdOrder (nobody knows whether it was done)',
    ]);
  });
});
