import type { PortalId } from '../../hubspot/ids.ts';
import type { AttentionCause } from '../../runs/outcomes.ts';
import { attentionCause, givenUp, isFinal } from './activity-failures.ts';
import { activitiesOf, askSessions, type SessionCalls } from './activity-options.ts';

/** A POST whose attempt was given up may still take effect: as long as a call that outlived its deadline. */
export const LOST_POST_SETTLES = '30s';

/** What is left of a time that has passed, in ms: one attempt. */
const LAST_ATTEMPT_MS = 5_000;

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
  private readonly portalId: PortalId;
  private readonly attentionAfterMs: number;

  constructor(portalId: PortalId, attentionAfterMs: number, told: Told) {
    this.soon = activitiesOf(portalId, 'reply', attentionAfterMs);
    this.patient = activitiesOf(portalId, 'reply');
    this.told = told;
    this.portalId = portalId;
    this.attentionAfterMs = attentionAfterMs;
  }

  /** They give up when the minutes since `startedAt` (ms since the epoch) are over: one after another, they share them. */
  until(startedAt: number): Activities {
    const left = startedAt + this.attentionAfterMs - Date.now();
    return activitiesOf(this.portalId, 'reply', Math.max(left, LAST_ATTEMPT_MS));
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

  /** The same for the session store, which mostly answers at once. */
  async onSessions<T>(ask: (sessions: SessionCalls) => Promise<T>): Promise<T> {
    return await askSessions(ask, () => this.on(({ sessionCalls }) => ask(sessionCalls)));
  }
}
