import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** What a run costs on Temporal Cloud, and how many steps it takes. */
export interface RunCost {
  /** Scheduled ones. */
  activities: number;
  localActivities: number;
  workflowTasks: number;
  /** Billed actions, but for the heartbeats of activities that take seconds, and queries: a history shows neither. */
  actions: number;
}

/** An activity sends this many heartbeats each time that it posts, however quick it is: one, right before the POST. */
const BEATS_AT_ONCE = new Set(['post']);

/** What a `patched` notes for those who look for runs is exempt. */
const EXEMPT = 'TemporalChangeVersion';

/**
 * Counts by Temporal Cloud's rules (https://docs.temporal.io/cloud/actions): one action for a start, each attempt of an
 * activity, a heartbeat, a timer, an upsert, a signal, an update, and for the local activities of one workflow task
 * together. A child's start is two: one in each of the two histories.
 */
export const costOf = (events: readonly Event[]): RunCost => {
  let attempts = 0;
  let others = 0;
  let beats = 0;
  const tasksWithLocals = new Set<string>();
  const scheduled = new Map<string, string>();
  let localActivities = 0;
  for (const event of events) {
    const { activityTaskStartedEventAttributes: started, markerRecordedEventAttributes: marker } = event;
    const { activityTaskScheduledEventAttributes: schedules, activityTaskCompletedEventAttributes: completed } = event;
    if (schedules) scheduled.set(String(event.eventId), schedules.activityType?.name ?? '');
    if (started) attempts += started.attempt ?? 1;
    if (completed && BEATS_AT_ONCE.has(scheduled.get(String(completed.scheduledEventId)) ?? '')) beats += 1;
    if (marker?.markerName === 'core_local_activity') {
      localActivities += 1;
      tasksWithLocals.add(String(marker.workflowTaskCompletedEventId));
    }
    const { upsertWorkflowSearchAttributesEventAttributes: upsert } = event;
    const upserted = Object.keys(upsert?.searchAttributes?.indexedFields ?? {});
    if (
      event.workflowExecutionStartedEventAttributes ||
      event.timerStartedEventAttributes ||
      upserted.some((name) => name !== EXEMPT) ||
      event.signalExternalWorkflowExecutionInitiatedEventAttributes ||
      event.startChildWorkflowExecutionInitiatedEventAttributes ||
      event.workflowExecutionUpdateAcceptedEventAttributes
    )
      others += 1;
  }
  return {
    activities: scheduled.size,
    localActivities,
    workflowTasks: events.filter((event) => event.workflowTaskCompletedEventAttributes).length,
    actions: attempts + beats + tasksWithLocals.size + others,
  };
};
