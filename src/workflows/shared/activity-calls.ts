import {
  type ActivityOptions,
  type LocalActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';

/**
 * A family of activities as a run calls them: `activity(summary, input)`. The Web UI shows the summary beside the call.
 */
export type ActivityCalls<Family> = {
  [Name in keyof Family]: Family[Name] extends (input: infer Input) => Promise<infer Result>
    ? (summary: string, input: Input) => Promise<Result>
    : never;
};

interface Schedulable {
  executeWithOptions(options: { summary: string }, inputs: unknown[]): Promise<unknown>;
}

/**
 * Workflow code has no activity at hand, so nobody can list a family's names: any name is one. But for `then`: an async
 * function that returns a family would take it for a promise, and schedule an activity of that name.
 */
const callsOf = <Family extends object>(family: Family): ActivityCalls<Family> =>
  new Proxy(family, {
    get: (activities, name) =>
      name === 'then'
        ? undefined
        : (summary: string, input: unknown) =>
            (Reflect.get(activities, name) as Schedulable).executeWithOptions({ summary }, [input]),
  }) as ActivityCalls<Family>;

/** Activities with these options, which Temporal puts on a task queue. */
export const activityCalls = <Family extends object>(options: ActivityOptions): ActivityCalls<Family> =>
  callsOf(proxyActivities(options) as Family);

/** Activities with these options, run within the workflow task. */
export const localActivityCalls = <Family extends object>(options: LocalActivityOptions): ActivityCalls<Family> =>
  callsOf(proxyLocalActivities(options) as Family);
