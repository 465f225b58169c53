import type { SearchAttributePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { CHANNEL, OUTCOME, SKIP_REASON } from '../temporal/search-attributes.ts';

/**
 * What a person reads of a run in the Temporal Web UI: one summary line that grows with what is known, the steps taken
 * below it, and at the end the search attributes to find it by.
 */
export class RunStory<Result extends { outcome: string; reason?: string }> {
  private readonly subject: string[];
  private readonly identity: SearchAttributePair[];
  private readonly steps: string[] = [];
  private channel: string | null = null;

  /** `subject`: what the run is about, such as `portal 62515`. `identity`: what it can be found by; a run started by hand lacks it. */
  constructor(subject: string[], identity: SearchAttributePair[]) {
    this.subject = subject;
    const { typedSearchAttributes } = workflowInfo();
    this.identity = identity.filter(({ key }) => typedSearchAttributes.get(key) === undefined);
    this.tell('running');
  }

  /** Channel by its name for people. */
  onChannel(channel: string): void {
    this.channel = channel;
    this.subject.push(channel);
  }

  /** One step that was taken, for people. Never a customer's words: details are not always encrypted. */
  step(step: string): void {
    this.steps.push(step);
    this.tell('running');
  }

  /** Says before the end how it will be: what is left may take long, and someone should know now. */
  announce(outcome: Result['outcome'], reason: string): void {
    this.tell(`${outcome}: ${reason}`);
    upsertSearchAttributes([...this.identity, { key: OUTCOME, value: outcome }]);
  }

  /** Writes down how the run ends and gives the result back. */
  end(result: Result): Result {
    const skipped = result.outcome === 'skipped';
    this.tell(result.reason ? `${result.outcome}: ${result.reason}` : result.outcome);
    const attributes: SearchAttributePair[] = [...this.identity, { key: OUTCOME, value: result.outcome }];
    if (skipped && result.reason) attributes.push({ key: SKIP_REASON, value: result.reason });
    if (this.channel) attributes.push({ key: CHANNEL, value: this.channel });
    upsertSearchAttributes(attributes);
    return result;
  }

  private tell(state: string): void {
    const summary = `${this.subject.join(' · ')} → **${state}**`;
    setCurrentDetails([summary, ...this.steps.map((step, index) => `${index + 1}. ${step}`)].join('\n\n'));
  }
}
