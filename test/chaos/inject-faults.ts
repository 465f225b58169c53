import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour, Faults, Simulator } from '../../dev/simulator/simulator.ts';
import type { AiServer } from './ai-server.ts';
import { between, pick, type Random } from './random.ts';

type Fault = Parameters<Faults['add']>[0];

/** Reads may lag behind writes by so much, in ms: what was written within it, a run can't know of. */
export const READ_LAG_MS = 600;

/**
 * Faults that are injected all the time, by probability. A read's fault costs time; a post's hides whether it took
 * effect.
 */
const ALWAYS: Fault[] = [
  ...(
    [
      [{ kind: 'reset-after' }, 0.05],
      [{ kind: 'commit-then-fail', status: 500 }, 0.04],
      [{ kind: 'commit-then-fail', status: 503 }, 0.02],
      [{ kind: 'half-written' }, 0.04],
      [{ kind: 'slow', delayMs: 1_500 }, 0.05],
      [{ kind: 'reset-before' }, 0.03],
      [{ kind: 'status', status: 500 }, 0.03],
      [{ kind: 'hang' }, 0.005],
    ] as const
  ).map(([fault, probability]) => ({ ...fault, probability, match: { route: 'postMessage' } as const })),
  ...(
    [
      [{ kind: 'rate-limit', retryAfter: 1 }, 0.02],
      [{ kind: 'rate-limit', policy: 'SECONDLY' }, 0.02],
      [{ kind: 'rate-limit' }, 0.005],
      [{ kind: 'status', status: 503, retryAfter: 1 }, 0.01],
      [{ kind: 'status', status: 500 }, 0.01],
      [{ kind: 'html' }, 0.005],
      [{ kind: 'reset-before' }, 0.01],
      [{ kind: 'half-written' }, 0.01],
      [{ kind: 'slow', delayMs: 700 }, 0.03],
    ] as const
  ).map(([fault, probability]) => ({ ...fault, probability })),
];

interface FaultPhase {
  faults?: Fault[];
  readLagMs?: number;
  aiFails?: boolean;
}

/** Faults that are injected for some seconds. */
const FAULT_PHASES: Record<string, FaultPhase> = {
  calm: {},
  'rate limit': { faults: [{ kind: 'rate-limit', retryAfter: 1, probability: 0.6 }] },
  'HubSpot down': { faults: [{ kind: 'status', status: 503, probability: 0.8 }] },
  'answers lost': { faults: [{ kind: 'reset-after', probability: 0.5, match: { route: 'postMessage' } }] },
  'posts slow': { faults: [{ kind: 'slow', delayMs: 3_000, probability: 0.7, match: { route: 'postMessage' } }] },
  'reads lag': { readLagMs: READ_LAG_MS },
  'AI down': { aiFails: true },
};

const WITHOUT_FAULTS: Partial<Behaviour> = { readLagMs: 0, echo: 'after-answer', emptyFirstPage: false };

/** Injects faults into HubSpot and the AI, phase after phase, until `signal` aborts; then it takes all of them away. */
export const injectFaults = async (
  { simulator, ai }: { simulator: Simulator; ai: AiServer },
  random: Random,
  signal: AbortSignal,
): Promise<void> => {
  const { faults, behaviour, webhook } = simulator;
  try {
    for (;;) {
      const phase = FAULT_PHASES[pick(random, Object.keys(FAULT_PHASES))] ?? {};
      faults.clear();
      for (const fault of [...(phase.faults ?? []), ...ALWAYS])
        faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
      ai.failing = phase.aiFails ?? false;
      Object.assign(behaviour, {
        readLagMs: phase.readLagMs ?? 0,
        echo: pick(random, ['after-answer', 'before-answer']),
        stripHtmlComments: pick(random, [true, false]),
        newestFirst: pick(random, [true, false]),
        ignoreSort: pick(random, [true, false]),
        emptyFirstPage: pick(random, [true, false]),
        bareActorIds: pick(random, [true, false]),
      } satisfies Partial<Behaviour>);
      Object.assign(webhook, {
        duplicate: pick(random, ['none', 'same-event-id', 'new-event-id']),
        shuffle: true,
        stringIds: pick(random, [true, false]),
        strangers: pick(random, [true, false]),
        // The longest gathers more events than are started one by one.
        flushMs: pick(random, [20, 200, 2_000]),
      });
      await sleep(between(random, 2_000, 5_000), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    faults.clear();
    ai.failing = false;
    Object.assign(behaviour, WITHOUT_FAULTS);
    Object.assign(webhook, { flushMs: 20 });
  }
};
