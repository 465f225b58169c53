import { AsyncLocalStorage } from 'node:async_hooks';
import { unlessAborted } from './deadline.ts';

const signals = new AsyncLocalStorage<AbortSignal>();

/** The signal of the work that goes on here where that must not wait for anything; `undefined`: it may. */
export const atOnceSignal = (): AbortSignal | undefined => signals.getStore();

/**
 * Gives what `work` gives, unless the signal is aborted first. What it does may not wait, and looks at the signal
 * before each thing that it begins ({@link atOnceSignal}). Nothing more is begun once this has ended, also where a part
 * of the work is still at it.
 * @throws the signal's reason
 */
export const atOnce = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
  const end = new AbortController();
  const all = AbortSignal.any([signal, end.signal]);
  try {
    return await unlessAborted(
      signals.run(all, async () => await work()),
      all,
    );
  } finally {
    end.abort(new Error('What this was a part of has ended'));
  }
};

/** Does what others wait for too: it may wait, and nobody's end is its own. */
export const forAll = <T>(work: () => T): T => signals.exit(work);
