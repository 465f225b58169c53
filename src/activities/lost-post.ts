import { activityInfo, heartbeat } from '@temporalio/activity';
import { DeliveryUnknown, STILL_ON_ITS_WAY_MS } from '../hubspot/errors.ts';
import { heartbeatWhile } from './heartbeats.ts';

/** An attempt leaves this to the next one, which never learned the fate of its POST, or died before it could. */
interface LostPost {
  /** From then on (ms since the epoch), what has not shown will not come any more. */
  settledAt: number;
}

/** A POST that HubSpot has no idempotency key for, and what earlier attempts know of it. */
export class UncertainPost {
  /** An earlier attempt may have posted: nobody knows. */
  readonly mayBeLost: boolean;
  private readonly lost: LostPost | null;
  private left: LostPost | null;

  constructor(lost: LostPost | null) {
    this.lost = lost;
    this.left = lost;
    this.mayBeLost = lost !== null;
  }

  /** Gives what the next attempt finds, should this worker die. */
  get heartbeatDetails(): LostPost | null {
    return this.left;
  }

  /**
   * To be asked once a look hasn't found it.
   * @throws {DeliveryUnknown} while an earlier attempt's may still show
   */
  throwIfUnsettled(): void {
    if (this.lost === null || Date.now() >= this.lost.settledAt) return;
    this.leave(this.lost);
    throw new DeliveryUnknown('What was posted does not show yet and may still come');
  }

  /** Posts, and leaves word of it before it does. */
  async send<Result>(post: () => Promise<Result>): Promise<Result> {
    this.leave({ settledAt: Date.now() + STILL_ON_ITS_WAY_MS });
    try {
      return await post();
    } catch (error) {
      this.leave(error instanceof DeliveryUnknown ? { settledAt: Date.now() + error.settlesWithinMs } : null);
      throw error;
    }
  }

  private leave(fate: LostPost | null): void {
    this.left = fate;
    heartbeat(fate);
  }
}

/** Work with one POST in it, heartbeats and all. `mayBeLost`: an earlier activity has given up on the same POST. */
export const withUncertainPost = <Result>(
  work: (fate: UncertainPost) => Promise<Result>,
  mayBeLost = false,
): Promise<Result> => {
  const fate = new UncertainPost(activityInfo().heartbeatDetails ?? (mayBeLost ? { settledAt: 0 } : null));
  return heartbeatWhile(
    () => work(fate),
    () => fate.heartbeatDetails,
  );
};
