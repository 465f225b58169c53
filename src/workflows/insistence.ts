import type { PortalId } from '../hubspot/ids.ts';
import { activitiesOf } from './activity-options.ts';
import type { AttentionCause } from './contract.ts';
import { attentionCause, givenUp, isFinal } from './giving-up.ts';

type Activities = ReturnType<typeof activitiesOf>;

/** Whom a run tells that a person has to look at it, and that it works again. */
interface Told {
  alarm(cause: AttentionCause, reason: string): void;
  calm(): void;
}

/** Activities that are tried for some minutes; where that is not enough, someone should know, and they are tried through an outage. */
export class Insistence {
  /** They give up after the minutes. */
  readonly soon: Activities;
  /** They give up after a day. */
  readonly patient: Activities;
  private readonly told: Told;

  constructor(portalId: PortalId, attentionAfterMs: number, told: Told) {
    this.soon = activitiesOf(portalId, 'reply', attentionAfterMs);
    this.patient = activitiesOf(portalId, 'reply');
    this.told = told;
  }

  /**
   * Calls an activity until it works. `between`: what has to be waited for before the long trial.
   * @throws {ActivityFailure} where trying again can't help, or the day is over
   */
  async on<T>(
    call: (activities: Activities, isLastTry: boolean) => Promise<T>,
    between?: () => Promise<void>,
  ): Promise<T> {
    try {
      return await call(this.soon, false);
    } catch (error) {
      const reason = givenUp(error);
      if (isFinal(error)) throw error;
      this.told.alarm(attentionCause(error), reason);
    }
    await between?.();
    const result = await call(this.patient, true);
    this.told.calm();
    return result;
  }
}
