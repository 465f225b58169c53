import type { AnswerNotes } from './backend.ts';

/** The AI didn't answer, or answered that it can't now (408, 409, 429, 5xx, network, deadline). Worth another try. */
export class AiUnavailable extends Error {
  override readonly name = 'AiUnavailable';
  readonly retryAfterMs: number | undefined;
  /** It was at work when it was given up: whoever runs it may ask for money all the same. */
  readonly wasAtWork: boolean;

  /** `message` never holds the customer's words. */
  constructor(message: string, options: { retryAfterMs?: number; cause?: unknown; wasAtWork?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
    this.wasAtWork = options.wasAtWork ?? false;
  }
}

/** The AI answered, but not in the form that was asked for. Asked again it may; after a few tries it won't. */
export class AiUnreadable extends Error {
  override readonly name = 'AiUnreadable';
  /** The tokens that it took all the same, where the AI said. */
  readonly usage: AnswerNotes['usage'];

  /** `message` never holds a word of the answer. */
  constructor(message: string, usage?: AnswerNotes['usage']) {
    super(message);
    this.usage = usage;
  }
}

/** The AI refused for good: wrong key, unknown model, a request that it can't take. Someone has to change a setting. */
export class AiRefused extends Error {
  override readonly name = 'AiRefused';
}
