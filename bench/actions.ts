import type { temporal } from '@temporalio/proto';

type Event = temporal.api.history.v1.IHistoryEvent;

/** What a run costs on Temporal Cloud, and how many steps it takes. */
export interface RunCost {
  /** Scheduled ones. */
  activities: number;
  localActivities: number;
  /**
   * Billed actions, as far as a history shows them: heartbeats, signals that were sent to it and queries stand in none,
   * or at the sender.
   */
  actions: number;
}

/**
 * Counts by Temporal Cloud's rules (https://docs.temporal.io/cloud/actions): one action for a start, each attempt of an
 * activity, a timer, an upsert, a signal, an update, a child's start (in the child's own history) and for the local
 * activities of one workflow task together.
 */
export const costOf = (events: readonly Event[]): RunCost => {
  let attempts = 0;
  let others = 0;
  const tasksWithLocals = new Set<string>();
  let localActivities = 0;
  for (const event of events) {
    const { activityTaskStartedEventAttributes: started, markerRecordedEventAttributes: marker } = event;
    if (started) attempts += started.attempt ?? 1;
    if (marker?.markerName === 'core_local_activity') {
      localActivities += 1;
      tasksWithLocals.add(String(marker.workflowTaskCompletedEventId));
    }
    if (
      event.workflowExecutionStartedEventAttributes ||
      event.timerStartedEventAttributes ||
      event.upsertWorkflowSearchAttributesEventAttributes ||
      event.signalExternalWorkflowExecutionInitiatedEventAttributes ||
      event.workflowExecutionUpdateAcceptedEventAttributes
    )
      others += 1;
  }
  return {
    activities: events.filter((event) => event.activityTaskScheduledEventAttributes).length,
    localActivities,
    actions: attempts + tasksWithLocals.size + others,
  };
};
