import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Replayed } from './replay.ts';

/** The folder holds what another backtest has begun. */
export class AnotherBacktest extends Error {
  override readonly name = 'AnotherBacktest';
}

/** What a thread came to; `null`: HubSpot does not show it. */
interface KeptThread {
  threadId: string;
  replayed: Replayed[] | null;
}

/** Customers' words are for the user alone who asked for them. */
const PRIVATE = 0o600;

/** Writes a file that only its owner reads, whole or not at all. */
export const writePrivately = (path: string, content: string): void => {
  const draft = `${path}.tmp`;
  rmSync(draft, { force: true });
  writeFileSync(draft, content, { mode: PRIVATE });
  renameSync(draft, path);
};

/** What is done so far, in a file of the folder: a backtest that broke off goes on from there. */
export interface Kept {
  /** What was done before. */
  threads: ReadonlyMap<string, Replayed[] | null>;
  keep(thread: KeptThread): void;
  /** Nothing is left to go on with. */
  finish(): void;
}

/** A line that was being written when the process ended is none. */
const readLine = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** `of`: portal and AI; a folder serves one pair at a time. @throws {AnotherBacktest} */
export const openKept = (folder: string, of: { portalId: string; ai: string }): Kept => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'so-far.jsonl');
  const threads = new Map<string, Replayed[] | null>();
  if (existsSync(path)) {
    const [first, ...lines] = readFileSync(path, 'utf8').split('\n').map(readLine);
    const begun = first as typeof of | undefined;
    if (begun?.portalId !== of.portalId || begun.ai !== of.ai) {
      throw new AnotherBacktest(
        `${folder} holds a backtest of portal ${begun?.portalId ?? '?'} on ${begun?.ai ?? '?'} that is not finished: delete it, or take another --out`,
      );
    }
    for (const line of lines as (KeptThread | undefined)[]) if (line) threads.set(line.threadId, line.replayed);
    chmodSync(path, PRIVATE);
    // What was torn off would otherwise be one line with the next.
    appendFileSync(path, '\n');
  } else {
    writeFileSync(path, `${JSON.stringify(of)}\n`, { mode: PRIVATE });
  }
  return {
    threads,
    keep(thread) {
      appendFileSync(path, `${JSON.stringify(thread)}\n`);
    },
    finish: () => rmSync(path, { force: true }),
  };
};
