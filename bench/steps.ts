import type { google, temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** A task of a run: how long it waited from its scheduling to its start, and how long it was at work, in ms. */
export interface Step {
  /** An activity's type, or `workflow task`. */
  name: string;
  waited: number;
  worked: number;
}

const inMs = (time: google.protobuf.ITimestamp | null | undefined): number =>
  Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;

/** The tasks of a run that were completed, in their order. Local activities are part of their workflow task. */
export const stepsOf = (events: readonly Event[]): Step[] => {
  const byId = new Map(events.map((event) => [String(event.eventId), event]));
  return events.flatMap((event) => {
    const completed = event.activityTaskCompletedEventAttributes ?? event.workflowTaskCompletedEventAttributes;
    if (!completed) return [];
    const scheduled = byId.get(String(completed.scheduledEventId));
    const started = inMs(byId.get(String(completed.startedEventId))?.eventTime);
    return {
      name: scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? 'workflow task',
      waited: started - inMs(scheduled?.eventTime),
      worked: inMs(event.eventTime) - started,
    };
  });
};
