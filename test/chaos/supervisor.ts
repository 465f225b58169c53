import { setTimeout as sleep } from 'node:timers/promises';

/** Something that runs now. */
export interface Running {
  /** Whether it came so far as to do its work; `false` when it ended before. */
  ready: Promise<boolean>;
  /** Resolves with the last that it said when it has ended, by {@link Running.kill} or by itself. */
  ended: Promise<string>;
  /** Ends it without a warning, as SIGKILL does, and waits for that. */
  kill(): Promise<void>;
  /** Of a process of ours: sends it another signal. */
  send?(signal: NodeJS.Signals): void;
}

/**
 * What ends by itself, or can't start because something that it needs is away, is started again after so long, in ms.
 */
const COME_BACK_MS = 400;
const LOOK_MS = 50;

/** Keeps something running, as a process manager does: whenever it ends, it is started again. */
export class Supervised {
  readonly name: string;
  kills = 0;
  /** What it said last, each time it ended without being killed. */
  readonly endedByItself: string[] = [];
  private readonly start: () => Promise<Running>;
  private readonly stopping = new AbortController();
  private readonly loop: Promise<void>;
  private current: Running | undefined;
  private downMs: number | null = null;

  constructor(name: string, start: () => Promise<Running>) {
    this.name = name;
    this.start = start;
    this.loop = this.keepRunning();
  }

  /** Waits until it does its work. @throws {Error} when `signal` aborts or it is stopped */
  async untilReady(signal: AbortSignal): Promise<void> {
    while (!(await this.current?.ready)) await this.pause(LOOK_MS, signal);
  }

  /** Kills it as soon as there is something to kill, also while that still starts, and lets it lie for `downMs`. */
  async kill(downMs: number, signal: AbortSignal): Promise<void> {
    while (this.current === undefined) await this.pause(LOOK_MS, signal);
    this.downMs = downMs;
    this.kills += 1;
    await this.current.kill();
  }

  /** Asks it to end, and waits for that; lets it lie for `downMs`. */
  async terminate(downMs: number, signal: AbortSignal): Promise<void> {
    while (this.current === undefined) await this.pause(LOOK_MS, signal);
    this.downMs = downMs;
    this.kills += 1;
    this.current.send?.('SIGTERM');
    await this.current.ended;
  }

  /** Makes it stand still for so long, as a machine that sleeps: it notices nothing, and goes on where it was. */
  async standStill(stillMs: number, signal: AbortSignal): Promise<void> {
    while (this.current === undefined) await this.pause(LOOK_MS, signal);
    this.kills += 1;
    const { current } = this;
    current.send?.('SIGSTOP');
    await this.pause(stillMs, signal);
    current.send?.('SIGCONT');
  }

  /** Kills it for good. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.current?.kill();
    await this.loop;
  }

  private pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const signals = signal ? [signal, this.stopping.signal] : [this.stopping.signal];
    return sleep(milliseconds, undefined, { signal: AbortSignal.any(signals) });
  }

  private async keepRunning(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        this.current = await this.start();
        if (this.stopping.signal.aborted) await this.current.kill();
        const last = await this.current.ended;
        if (this.downMs === null && !this.stopping.signal.aborted) this.endedByItself.push(last);
      } catch (error) {
        this.endedByItself.push((error as Error).message);
      }
      this.current = undefined;
      const downMs = this.downMs ?? COME_BACK_MS;
      this.downMs = null;
      // Ends early only to stop.
      await this.pause(downMs).catch(() => undefined);
    }
  }
}
