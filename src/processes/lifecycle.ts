import { once } from 'node:events';

/** The resources that a process holds open. */
export class Resources {
  private readonly closers: (() => unknown)[] = [];

  /** Remembers how to close something; what was opened last is closed first. */
  add(close: () => unknown): void {
    this.closers.push(close);
  }

  /** Closes everything, also when one part fails. @throws {AggregateError} with what failed */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
  }
}

/** Errors of the language and the runtime: bugs, which need their stack. Ours say in one line what to do. */
const BUGS = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

const explain = (error: unknown): string => {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(explain)].join('\n');
  if (!(error instanceof Error)) return String(error);
  return BUGS.has(error.name) ? (error.stack ?? error.message) : error.message;
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The work of a process that only answers others. */
export const UNTIL_STOPPED: Promise<never> = new Promise(() => undefined);

/**
 * Says of a process that a signal has reached it, and when everything is closed. To be called before anything else is
 * opened into `resources`.
 */
export const announceStop = (stopping: AbortSignal, resources: Resources, say: (line: string) => void): void => {
  stopping.addEventListener('abort', () => say('Stopping. Steps that have begun may end first'));
  resources.add(() => {
    if (stopping.aborted) say('Stopped');
  });
};

/**
 * Runs a process: starts it, waits for SIGINT, SIGTERM or the end of its work, closes what it opened, last first, and
 * exits: 0 after a signal or a normal end, 1 after a failure, whose line goes to standard error. A second signal exits
 * at once.
 *
 * `start` opens what it needs into `resources` and gives back its work: a promise that ends when there is no more to do
 * ({@link UNTIL_STOPPED}: never). `stopping` is aborted by the signal.
 */
export const runProcess = async (
  start: (resources: Resources, stopping: AbortSignal) => Promise<{ work: Promise<unknown> }>,
): Promise<never> => {
  const resources = new Resources();
  const stopping = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort();
    });
  }
  const signalled = once(stopping.signal, 'abort');
  let exitCode = 0;
  const report = (error: unknown): void => {
    // What fails because we are stopping has not failed.
    if (stopping.signal.aborted && exitCode === 0) return;
    exitCode = 1;
    process.stderr.write(`${explain(error)}\n`);
  };
  const work = start(resources, stopping.signal).then((started) => started.work);
  await Promise.race([work, signalled]).catch(report);
  work.catch(() => undefined);
  await resources.close().catch((error) => {
    exitCode = 1;
    process.stderr.write(`${explain(error)}\n`);
  });
  process.exit(exitCode);
};
