import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the demo wants of its worker, whole each time: the first order starts it, every further one changes it. */
export interface Order {
  /** The demo's own settings, over those of the environment. */
  settings: Record<string, string>;
  /** `host:port` */
  temporalAddress: string;
  aiIsDown: boolean;
}

/** `stopped`: killed, until it is started again. */
export type WorkerState = 'starting' | 'polls' | 'stopped';

/** The worker ended though nobody had killed it. */
export class DemoWorkerEnded extends Error {
  override readonly name = 'DemoWorkerEnded';

  constructor() {
    super('The worker ended by itself; why, it has said above.');
  }
}

/** The demo's worker: a process of its own, so that it can really be killed. */
export interface DemoWorker {
  readonly state: WorkerState;
  /** `null` while there is none. */
  readonly pid: number | null;
  /** Starts it with the order as it is now; nothing where one runs. */
  start(): void;
  /** SIGKILL: it gets no chance to finish anything. Done when it is gone. */
  kill(): Promise<void>;
  /** Gives a running worker the order as it is now. */
  change(): void;
  /** SIGTERM, and done when it has ended. */
  stop(): Promise<void>;
  /** Resolves when it polls for the first time. */
  polls: Promise<void>;
  /** Throws {@link DemoWorkerEnded} when it ends by itself. */
  failed: Promise<never>;
}

const PROGRAM = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** A worker that isn't started yet. `onChange` is called whenever its state has changed. */
export const createDemoWorker = (order: () => Order, onChange: () => void): DemoWorker => {
  let child: ChildProcess | null = null;
  let state: WorkerState = 'stopped';
  const mayEnd = new WeakSet<ChildProcess>();
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => undefined);
  let isPolling: () => void = () => undefined;
  const polls = new Promise<void>((resolve) => {
    isPolling = resolve;
  });

  const become = (next: WorkerState): void => {
    state = next;
    onChange();
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    if (!ending) return;
    mayEnd.add(ending);
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  };

  return {
    get state() {
      return state;
    },
    get pid() {
      return child?.pid ?? null;
    },
    start: () => {
      if (child) return;
      // Detached: a Ctrl-C in the terminal reaches only the demo, which ends its worker in order.
      const started = spawn(process.execPath, [PROGRAM], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        detached: true,
      });
      child = started;
      started.on('message', () => {
        become('polls');
        isPolling();
      });
      started.once('exit', () => {
        child = null;
        become('stopped');
        if (!mayEnd.has(started)) fail(new DemoWorkerEnded());
      });
      started.send(order());
      become('starting');
    },
    kill: () => end('SIGKILL'),
    change: () => {
      child?.send(order());
    },
    stop: () => end('SIGTERM'),
    polls,
    failed,
  };
};
