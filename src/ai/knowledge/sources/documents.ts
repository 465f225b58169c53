import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { limitConcurrency } from '../../../lib/limit-concurrency.ts';

/** What a document says, and says of itself. */
export interface ReadDocument {
  /** Markdown. */
  text: string;
  title: string | null;
  language: string | null;
  /** ISO 8601. */
  updated: string | null;
  /** The URL that a page calls its own. */
  canonical: string | null;
}

export type DocumentKind = 'html' | 'pdf' | 'docx';

/** A document that can't be read; the message says why, in half a line. */
export class DocumentUnreadable extends Error {
  override readonly name = 'DocumentUnreadable';
}

/** What a thread is asked. */
export interface DocumentRequest {
  kind: DocumentKind;
  bytes: Uint8Array;
  /** Of a page: where it came from. */
  url: string | null;
  contentType: string | null;
}

/** What it answers. */
export type DocumentReply = { document: ReadDocument } | { problem: string };

/** Reads documents one after the other. */
export interface DocumentReader {
  /** @throws {DocumentUnreadable} or the signal's reason */
  read(request: DocumentRequest): Promise<ReadDocument>;
  close(): Promise<void>;
}

export interface DocumentBounds {
  /** A document may take so long, in ms. */
  mostMs?: number;
  /** The process may grow so much over one document, in bytes. */
  mostGrowth?: number;
}

const MOST_MS = 60_000;
const MOST_GROWTH = 512 * 1024 * 1024;
const WATCH_MS = 100;
/** JavaScript's own memory; what is outside of it is watched. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

const describe = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string };
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : (message ?? 'it ends its reader');
};

/**
 * Reads documents in a thread of its own, since a hostile one may take any time and any memory: the thread is ended,
 * and the next document gets a new one. The process's other work goes on meanwhile.
 */
export const openDocumentReader = (
  signal: AbortSignal,
  { mostMs = MOST_MS, mostGrowth = MOST_GROWTH }: DocumentBounds = {},
): DocumentReader => {
  let thread: Worker | null = null;
  const end = async (): Promise<void> => {
    const ended = thread;
    thread = null;
    await ended?.terminate();
  };
  const start = (): Worker => {
    const started = new Worker(new URL(`./document-thread${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: LIMITS,
      // It reads no environment, writes nothing, and needs none of what the process was started with.
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdout: true,
      stderr: true,
    });
    started.unref();
    return started;
  };
  // Whoever asks meanwhile waits: an answer doesn't say to which question it is.
  const inTurn = limitConcurrency(() => 1);
  const read = async (request: DocumentRequest): Promise<ReadDocument> => {
    signal.throwIfAborted();
    thread ??= start();
    const worker = thread;
    const over = new AbortController();
    const before = process.memoryUsage.rss();
    const since = performance.now();
    const watch = setInterval(() => {
      if (signal.aborted) over.abort(signal.reason);
      else if (performance.now() - since > mostMs) {
        over.abort(new DocumentUnreadable(`it takes longer than ${mostMs / 1000} s`));
      } else if (process.memoryUsage.rss() - before > mostGrowth) {
        over.abort(new DocumentUnreadable('it takes too much memory'));
      }
    }, WATCH_MS);
    const ended = Promise.withResolvers<never>();
    const fail = (error: unknown): void => ended.reject(new DocumentUnreadable(describe(error)));
    const exit = (): void => fail({});
    worker.once('error', fail).once('exit', exit);
    ended.promise.catch(() => undefined);
    try {
      worker.postMessage(request);
      const replied = once(worker, 'message', { signal: over.signal }) as Promise<[DocumentReply]>;
      const [reply] = await Promise.race([replied, ended.promise]);
      if ('problem' in reply) throw new DocumentUnreadable(reply.problem);
      return reply.document;
    } catch (error) {
      const isItsOwn = error instanceof DocumentUnreadable && thread === worker && !over.signal.aborted;
      if (!isItsOwn || worker.threadId === -1) await end();
      if (over.signal.aborted) throw over.signal.reason;
      throw error instanceof DocumentUnreadable ? error : new DocumentUnreadable(describe(error));
    } finally {
      clearInterval(watch);
      worker.off('error', fail).off('exit', exit);
    }
  };
  return { read: (request) => inTurn(() => read(request)), close: end };
};
