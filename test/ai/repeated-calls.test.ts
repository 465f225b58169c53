import { expect, it } from '@jest/globals';
import { withoutRepetitions } from '../../src/ai/models/repeated-calls.ts';
import type { CallOutcome, FinishedCall, WantedCall } from '../../src/ai/steps.ts';

type Rule = WantedCall['rule'];

const wanted = (input: unknown, rule: Rule, name = 'a'): WantedCall => ({ id: 'i', name, input, rule });
const DONE: CallOutcome = { ok: true, text: '{"done":true}' };
const UNKNOWN: CallOutcome = { ok: false, why: 'nobody knows whether it was done' };
const finished = (input: unknown, rule: Rule, outcome: CallOutcome = DONE, name = 'a'): FinishedCall => ({
  ...wanted(input, rule, name),
  outcome,
});
const REPEATED: CallOutcome = { ok: false, why: 'it was called before with the same input: see what came of that' };
const ONE = { order: '1', at: { x: 1, y: [1, 2] } };
const SAME = { at: { y: [1, 2], x: 1 }, order: '1' };

it.each<[string, WantedCall[], FinishedCall[], (CallOutcome | undefined)[]]>([
  ['a look-up is made twice', [wanted(ONE, 'reads')], [finished(ONE, 'reads')], [undefined]],
  ['and no third time', [wanted(ONE, 'reads')], [finished(ONE, 'reads'), finished(SAME, 'reads')], [REPEATED]],
  ['those of one step count too', [1, 2, 3].map(() => wanted(ONE, 'reads')), [], [undefined, undefined, REPEATED]],
  ['a change is made once', [wanted(ONE, 'safe')], [], [undefined]],
  ['and comes to what it came to', [wanted(SAME, 'safe')], [finished(ONE, 'safe')], [DONE]],
  ['also where nobody knows that', [wanted(ONE, 'approve')], [finished(ONE, 'approve', UNKNOWN)], [UNKNOWN]],
  ['twice in one step it is made once', [wanted(ONE, 'approve'), wanted(SAME, 'approve')], [], [undefined, REPEATED]],
  ['another input is another call', [wanted({ order: '2' }, 'safe')], [finished(ONE, 'safe')], [undefined]],
  ['lists have an order', [wanted({ l: [1, 2] }, 'safe')], [finished({ l: [2, 1] }, 'safe')], [undefined]],
  ['text is no number', [wanted({ order: 1 }, 'safe')], [finished({ order: '1' }, 'safe')], [undefined]],
  ['another tool is another call', [wanted(ONE, 'safe', 'b')], [finished(ONE, 'safe')], [undefined]],
  ['input may be anything', [wanted(null, 'reads'), wanted('x', 'safe')], [finished('x', 'safe')], [undefined, DONE]],
])('%s', (_name, calls, before, outcomes) => {
  expect(withoutRepetitions(calls, before)).toEqual(
    calls.map((call, index) => (outcomes[index] === undefined ? call : { ...call, outcome: outcomes[index] })),
  );
});

it('leaves alone what has come to something already', () => {
  const refused = { ...wanted(ONE, 'safe'), outcome: { ok: false as const, why: 'there is no such tool' } };
  expect(withoutRepetitions([refused], [finished(ONE, 'safe')])).toEqual([refused]);
});
