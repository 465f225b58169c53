import type { FinishedCall, WantedCall } from '../steps.ts';

/** The same look-up may be made so often in one answer: what it gives hardly changes while the model thinks. */
const MOST_LOOKS = 2;

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const isSame = (a: Pick<WantedCall, 'name' | 'input'>, b: Pick<WantedCall, 'name' | 'input'>): boolean =>
  a.name === b.name && JSON.stringify(a.input, inOrder) === JSON.stringify(b.input, inOrder);

const REPEATED = 'it was called before with the same input: see what came of that';

/**
 * Calls as a model wants them, those not made again that were made before with the same input: a look-up the third
 * time, and what changes something the second time, whatever came of it. The latter comes to what it came to before.
 */
export const withoutRepetitions = (calls: readonly WantedCall[], before: readonly FinishedCall[]): WantedCall[] =>
  calls.map((call, index) => {
    if (call.outcome) return call;
    const earlier = before.filter((other) => isSame(other, call));
    const count = earlier.length + calls.slice(0, index).filter((other) => isSame(other, call)).length;
    if (call.rule === 'reads' ? count < MOST_LOOKS : count === 0) return call;
    const known = call.rule === 'reads' ? undefined : earlier[0]?.outcome;
    return { ...call, outcome: known ?? { ok: false, why: REPEATED } };
  });
