import type { ReplyToMessageResult, SkipReason } from './contract.ts';

/** Thrown by a step that ends a `replyToMessage` run before its last one. */
export class RunEnds extends Error {
  override readonly name = 'RunEnds';
  readonly result: ReplyToMessageResult;

  constructor(result: ReplyToMessageResult) {
    super(result.reason);
    this.result = result;
  }
}

/** The end of a run that stays silent. */
export const skipped = (reason: SkipReason): RunEnds => new RunEnds({ outcome: 'skipped', reason });
