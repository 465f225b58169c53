/** The task queue of HubSpot's activities, beside the workflows' own (design.md part 3, `TEMPORAL_TASK_QUEUE`). */
export const hubspotTaskQueue = (taskQueue: string): string => `${taskQueue}-hubspot`;
