import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answered, type Asked, isAnswered } from './worker-database.ts';

/** What the demo wants of its worker, whole each time: the first order starts it, every further one changes it. */
export interface Order {
  /** The demo's own settings, over those of the environment. */
  settings: Record<string, string>;
  /** `host:port` */
  temporalAddress: string;
  aiIsDown: boolean;
}

/** What a waiting worker may open before its order comes: the demo's own settings, as far as they are known by then. */
export interface Preparation {
  prepare: Record<string, string>;
}

export const isPreparation = (message: unknown): message is Preparation =>
  typeof message === 'object' && message !== null && 'prepare' in message;

/** What a worker has done of its start, in a sentence without its full stop. */
export interface Step {
  step: string;
}

const isStep = (message: unknown): message is Step =>
  typeof message === 'object' && message !== null && 'step' in message;

/** `stopped`: killed from the page, until it is started again there. */
export type WorkerState = 'starting' | 'polls' | 'stopped';

/** The worker cannot be kept running: it ends before it polls. */
export class DemoWorkerEnded extends Error {
  override readonly name = 'DemoWorkerEnded';

  constructor() {
    super('The worker ended before it was ready. Its last lines above say why.');
  }
}

/** The demo's worker: a process of its own, so that it can really be killed. */
export interface DemoWorker {
  readonly state: WorkerState;
  /** `null` while there is none. */
  readonly pid: number | null;
  /** Starts it with the order as it is now; nothing where one runs. */
  start(): void;
  /**
   * SIGKILL: it gets no chance to finish anything. Done when it is gone; none follows until {@link DemoWorker.start}.
   */
  kill(): Promise<void>;
  /** Has a statement done by the database in its process. @throws {Error} while there is no worker, or it has died */
  ask(sql: string, parameters: readonly unknown[]): Promise<unknown[]>;
  /** Gives a running worker the order as it is now. */
  change(): void;
  /** SIGTERM, and done when it has ended, by SIGKILL where it does not end in time; none can be started any more. */
  stop(): Promise<void>;
  /** Resolves when it polls for the first time. */
  polls: Promise<void>;
  /** Throws {@link DemoWorkerEnded} when it ends by itself before it polls, at its first start or again and again. */
  failed: Promise<never>;
}

const EXTENSION = extname(import.meta.url);
const PROGRAM = fileURLToPath(new URL(`./worker${EXTENSION}`, import.meta.url));
/** Loaded before the program's own modules are. */
const COMPILE_CACHE = new URL(`./compile-cache${EXTENSION}`, import.meta.url).href;

/** So many workers in a row may end by themselves before they poll, once one has polled. */
const FRUITLESS_STARTS = 5;
/** What a person at a shell, or the system, ends a process with. */
const SENT: readonly (NodeJS.Signals | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];
/** Of a process that was asked to end: by one signal, or by a second one at once. */
const ASKED: readonly (number | null)[] = [0, 130];
const PAUSE_MS = 1_000;
/** A worker lets its activities end for up to 25 s. */
const STOP_GRACE_MS = 35_000;

/**
 * A process that loads the worker's program, and waits for an order. It ends by itself when this process ends. Never
 * throws: one that could not be started has no `pid`.
 */
export const spawnWorker = (): ChildProcess => {
  // Detached: a Ctrl-C in the terminal reaches only the demo, which ends its worker in order.
  const spawned = spawn(process.execPath, ['--import', COMPILE_CACHE, PROGRAM], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
    // Dates and bytes go to the worker's database and back.
    serialization: 'advanced',
  });
  // Whoever uses it sees that it has no pid, or that it has ended.
  spawned.on('error', () => undefined);
  return spawned;
};

/** Lets a process of {@link spawnWorker} open what takes long, while the demo makes the rest ready. */
export const prepareWorker = (waiting: ChildProcess, settings: Record<string, string>): void => {
  const preparation: Preparation = { prepare: settings };
  // One that has just died hears it no more.
  if (isAlive(waiting)) waiting.send(preparation, () => undefined);
};

/** Ends such a process at once, and waits until it is gone. It has done nothing yet that is worth keeping. */
export const endWaiting = async (waiting: ChildProcess): Promise<void> => {
  if (waiting.pid === undefined || waiting.exitCode !== null || waiting.signalCode !== null) return;
  const gone = once(waiting, 'exit');
  waiting.kill('SIGKILL');
  await gone;
};

const isAlive = ({ pid, exitCode, signalCode, connected }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null && connected;

export interface DemoWorkerOptions {
  /** Its state has changed. */
  onChange: () => void;
  /** A new one has to take over, or one has to be killed that does not stop within `stopGraceMs`: a line about it. */
  onDeath?: (line: string) => void;
  /** A step of the first start is done. */
  onStep?: (step: string) => void;
  stopGraceMs?: number;
  /** Of {@link spawnWorker}: the first start uses it, if it still lives. */
  first?: ChildProcess;
}

/**
 * A worker that isn't started yet. When it dies without an order of ours, whatever killed it, a new one is started.
 */
export const createDemoWorker = (
  order: () => Order,
  {
    onChange,
    onDeath = () => undefined,
    onStep = () => undefined,
    stopGraceMs = STOP_GRACE_MS,
    first,
  }: DemoWorkerOptions,
): DemoWorker => {
  let waiting = first;
  let child: ChildProcess | null = null;
  let state: WorkerState = 'stopped';
  let restart: NodeJS.Timeout | undefined;
  let isOver = false;
  let hasPolled = false;
  let fruitless = 0;
  const mayEnd = new WeakSet<ChildProcess>();
  const asked = new Map<number, { resolve: (rows: unknown[]) => void; reject: (error: Error) => void }>();
  let lastAsked = 0;
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

  // One that is just dying hears it no more: the next one gets the order as it is then.
  const sendOrder = (worker: ChildProcess): void => {
    if (worker.connected) worker.send(order(), () => undefined);
  };

  const died = (worker: ChildProcess, how: string, bySomebody: boolean): void => {
    if (child !== worker) return;
    child = null;
    for (const { reject } of asked.values()) reject(new Error('The worker has died'));
    asked.clear();
    if (isOver || mayEnd.has(worker)) {
      become('stopped');
      return;
    }
    if (!bySomebody) fruitless += 1;
    // What it can't do at its first start, such as with a wrong setting, it can't do at the next.
    if ((!hasPolled && !bySomebody) || fruitless > FRUITLESS_STARTS) {
      become('stopped');
      fail(new DemoWorkerEnded());
      return;
    }
    onDeath(`The worker has died (${how}), a new one takes over`);
    become('starting');
    restart = setTimeout(start, bySomebody ? 0 : PAUSE_MS);
  };

  const answered = (answer: Answered): void => {
    const waiting = asked.get(answer.answer);
    asked.delete(answer.answer);
    if ('rows' in answer) waiting?.resolve(answer.rows);
    else waiting?.reject(new Error(answer.problem));
  };

  const ask = async (sql: string, parameters: readonly unknown[]): Promise<unknown[]> => {
    const worker = child;
    if (!worker?.connected || state !== 'polls') throw new Error('The worker, which has the database, is not running');
    lastAsked += 1;
    const statement: Asked = { ask: lastAsked, sql, parameters };
    return await new Promise((resolve, reject) => {
      asked.set(statement.ask, { resolve, reject });
      worker.send(statement, (error) => error && reject(error));
    });
  };

  const start = (): void => {
    clearTimeout(restart);
    if (child || isOver) return;
    const started = waiting && isAlive(waiting) ? waiting : spawnWorker();
    waiting = undefined;
    child = started;
    started.on('message', (message) => {
      if (isAnswered(message)) return answered(message);
      // Later starts are seen on the page.
      if (isStep(message)) return hasPolled ? undefined : onStep(message.step);
      hasPolled = true;
      fruitless = 0;
      become('polls');
      isPolling();
    });
    started.once('exit', (code, signal) =>
      died(started, signal ?? `exit code ${code}`, SENT.includes(signal) || ASKED.includes(code)),
    );
    // It could not be started, or its channel broke: then it ends, or has ended.
    started.on('error', (error) => {
      if (started.pid === undefined) died(started, error.message, false);
    });
    sendOrder(started);
    become('starting');
  };

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    clearTimeout(restart);
    const ending = child;
    if (!ending) {
      if (state !== 'stopped') become('stopped');
      return;
    }
    mayEnd.add(ending);
    const gone = once(ending, 'exit');
    ending.kill(signal);
    // Nobody would end the demo but by a second Ctrl-C, and that leaves its files behind.
    const late = setTimeout(() => {
      onDeath(`The worker does not stop within ${stopGraceMs / 1_000} s, it is killed`);
      ending.kill('SIGKILL');
    }, stopGraceMs);
    await gone;
    clearTimeout(late);
  };

  return {
    get state() {
      return state;
    },
    get pid() {
      return child?.pid ?? null;
    },
    start,
    kill: () => end('SIGKILL'),
    ask,
    change: () => {
      if (child) sendOrder(child);
    },
    stop: () => {
      isOver = true;
      return end('SIGTERM');
    },
    polls,
    failed,
  };
};
