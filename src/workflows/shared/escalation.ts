import type { PortalId } from '../../hubspot/ids.ts';
import type { AttentionCause } from '../../runs/outcomes.ts';
import { attentionCause, failureReason, isFinal } from './activity-failures.ts';
import { activitiesOf, askSessions, type SessionCalls } from './activity-options.ts';

/** A POST whose attempt was given up may still take effect: as long as a call that outlived its deadline. */
export const LOST_POST_SETTLES = '30s';

/** The rest of a time that has passed, in ms: one attempt. */
const LAST_ATTEMPT_MS = 5_000;

type Activities = ReturnType<typeof activitiesOf>;

/** Marks a run that a person has to look at, and takes the mark away once it works again. */
interface Alarms {
  alarm(cause: AttentionCause, reason: string): void;
  calm(): void;
}

/**
 * Activities in two stages. They are tried for some minutes; where that is not enough, the run is marked for a person
 * to look at, and they are tried for a day, through an outage.
 */
export class Escalation {
  /** The first stage: they give up after the minutes. */
  readonly short: Activities;
  /** The second stage: they give up after a day. */
  readonly long: Activities;
  private readonly alarms: Alarms;
  private readonly portalId: PortalId;
  private readonly attentionAfterMs: number;

  constructor(portalId: PortalId, attentionAfterMs: number, alarms: Alarms) {
    this.short = activitiesOf(portalId, 'reply', attentionAfterMs);
    this.long = activitiesOf(portalId, 'reply');
    this.alarms = alarms;
    this.portalId = portalId;
    this.attentionAfterMs = attentionAfterMs;
  }

  /**
   * The first stage of several calls, which share the minutes: they give up so long after `startedAt` (ms since the
   * epoch).
   */
  shortSince(startedAt: number): Activities {
    const left = startedAt + this.attentionAfterMs - Date.now();
    return activitiesOf(this.portalId, 'reply', Math.max(left, LAST_ATTEMPT_MS));
  }

  /**
   * Calls an activity until it works. `between`: what has to be waited for before the second stage.
   * @throws {ActivityFailure} where trying again can't help, or the day is over
   */
  async untilDone<T>(
    call: (activities: Activities, isLastTry: boolean) => Promise<T>,
    between?: () => Promise<void>,
  ): Promise<T> {
    try {
      return await call(this.short, false);
    } catch (error) {
      const reason = failureReason(error);
      if (isFinal(error)) throw error;
      this.alarms.alarm(attentionCause(error), reason);
    }
    await between?.();
    const result = await call(this.long, true);
    this.alarms.calm();
    return result;
  }

  /** Asks the session store until it answers, which it mostly does at once. */
  async untilSessionsAnswer<T>(ask: (sessions: SessionCalls) => Promise<T>): Promise<T> {
    return await askSessions(ask, () => this.untilDone(({ sessionCalls }) => ask(sessionCalls)));
  }
}
