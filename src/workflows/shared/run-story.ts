import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common';
import { log, metricMeter, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Spent } from '../../ai/prices.ts';
import type { MessageId, TicketId } from '../../hubspot/ids.ts';
import { spentInWords } from '../../rules/amounts.ts';
import type { EscalationReason } from '../../rules/escalation/escalation.ts';
import { type AttentionCause, AWAITS_APPROVAL } from '../../runs/outcomes.ts';
import { type PostInWords, postsInWords, renderRunDetails, waitingFor } from '../../runs/run-details.ts';
import { type About, aboutInWords, foundBy } from '../../runs/run-type.ts';
import {
  AI_COST,
  AI_TOKENS,
  CHANNEL,
  ESCALATION_REASON,
  NEEDS_ATTENTION,
  OUTCOME,
  SKIP_REASON,
  TICKET_ID,
} from '../../runs/search-attributes.ts';
import { type Notifying, noticeOfAlarm } from './leave-notice.ts';

// On the worker's metrics page, once WORKER_METRICS_ADDRESS is set; not counted again in a replay. Made when there is a
// run: this file is evaluated before.
const runs = () =>
  metricMeter.createCounter('threadkeeper_runs_total', 'run', 'Runs that ended, by outcome and skip reason');
const escalations = () =>
  metricMeter.createCounter(
    'threadkeeper_escalations_total',
    'run',
    "Runs in which an answer of the AI's was held back, by outcome and reason",
  );
const attention = () =>
  metricMeter.createCounter('threadkeeper_needs_attention_total', 'run', 'Runs that a person has to look at, by cause');

/**
 * A person reads this of a run in the Temporal Web UI: one summary line that grows with what is known, the steps taken
 * below it, and at the end the search attributes to find it by.
 */
export class RunStory<Result extends { outcome: string; reason?: string; escalation?: EscalationReason }> {
  private readonly subject: string[];
  private readonly identity: SearchAttributePair[];
  private readonly about: About;
  private notifying: Notifying | undefined;
  private readonly steps: string[] = [];
  private readonly posts: PostInWords[] = [];
  private channel: string | null = null;
  private alarmed: AttentionCause | null = null;
  private awaits = false;
  /** The run is found by this end already; `null`: by none. */
  private knownEnd: Result | null = null;
  /** It adds up all calls of the AI; cost in millionths. */
  private readonly took: { tokens: number; cost: number | null } = { tokens: 0, cost: null };

  /**
   * `about`: what the run is about, and can be found by; a run started by hand carries no search attributes yet.
   * `notifying`: who is notified of its alarms; absent: nobody.
   */
  constructor(about: About, notifying?: Notifying) {
    this.about = about;
    this.notifying = notifying;
    this.subject = aboutInWords(about);
    const { typedSearchAttributes } = workflowInfo();
    this.identity = foundBy(about).filter(({ key }) => typedSearchAttributes.get(key) === undefined);
    this.describe('running');
  }

  /** These settings say who is notified of its alarms. */
  notifies(settings: Notifying): void {
    this.notifying = settings;
  }

  /** Channel by its name for people. */
  onChannel(channel: string): void {
    this.channel = channel;
    this.subject.push(channel);
  }

  /** The ticket that the run has come upon. */
  onTicket(ticketId: TicketId): void {
    this.subject.push(`ticket ${ticketId}`);
    upsertSearchAttributes([...this.identity, { key: TICKET_ID, value: ticketId }]);
  }

  /** One step that was taken, for people. Never a customer's words: details are not always encrypted. */
  step(step: string): void {
    this.steps.push(step);
    this.describe('running');
  }

  /** Something of this run's is on the thread: at its end the story says so. `what`: for people, such as `reply`. */
  posted(what: string, { messageId, found = false }: { messageId: MessageId; found?: boolean }): void {
    this.posts.push({ what, messageId, found });
  }

  /** The run does nothing until something happens. */
  wait(until: string): void {
    this.describe(waitingFor(until));
  }

  /** A draft of this run, or a call that it wants, waits for an agent: so that it is found by that. */
  awaitApproval(): void {
    const channel = this.channel ? [{ key: CHANNEL, value: this.channel }] : [];
    upsertSearchAttributes([...this.identity, { key: OUTCOME, value: AWAITS_APPROVAL }, ...channel]);
    this.awaits = true;
  }

  /** An agent has decided, and the run has more to do than to end. */
  goOn(): void {
    if (!this.awaits) return;
    this.awaits = false;
    upsertSearchAttributes([{ key: OUTCOME, value: null }]);
  }

  /** The run has one more thing to wait for, and is found by how it ends unless that changes it. */
  endsLater(result: Result): void {
    upsertSearchAttributes(this.attributesOf(result));
    this.knownEnd = result;
  }

  /** Adds what a call of the AI took. */
  spent(spent: Spent): void {
    this.took.tokens += spent.inputTokens + spent.outputTokens;
    if (spent.cost !== null) this.took.cost = (this.took.cost ?? 0) + spent.cost;
    this.step(spentInWords(spent));
  }

  /** A person has to look at this run: raised at once, whether it goes on trying or is about to end. */
  alarm(cause: AttentionCause, reason: string): void {
    this.steps.push(`needs attention: ${reason}`);
    this.describe('needs attention');
    if (this.alarmed === cause) return;
    this.alarmed = cause;
    log.error('A run needs attention', { cause, reason });
    attention().add(1, { cause });
    upsertSearchAttributes([...this.identity, { key: NEEDS_ATTENTION, value: cause }]);
    const { notifying, about, channel } = this;
    if (notifying) noticeOfAlarm(notifying, this, about, { cause, reason, channel });
  }

  /** The run works again. */
  calm(): void {
    this.alarmed = null;
    this.step('it works again');
    upsertSearchAttributes([{ key: NEEDS_ATTENTION, value: null }]);
  }

  /** Writes down how the run ends and gives the result back. */
  end(result: Result): Result {
    const skipped = result.outcome === 'skipped';
    if (this.posts.length > 0) this.steps.push(postsInWords(this.posts));
    // Why they hand over, the AI and agents say in their own words, which may repeat the customer's: it stays in the
    // result.
    const reason = result.outcome === 'handed-off' ? undefined : result.reason;
    this.describe(reason ? `${result.outcome}: ${reason}` : result.outcome);
    if (this.knownEnd?.outcome !== result.outcome || this.knownEnd.reason !== result.reason)
      upsertSearchAttributes(this.attributesOf(result));
    runs().add(1, {
      outcome: result.outcome,
      reason: skipped && result.reason ? result.reason : '',
    });
    const { escalation } = result;
    if (escalation) escalations().add(1, { outcome: result.outcome, reason: escalation });
    return result;
  }

  private attributesOf(result: Result): SearchAttributeUpdatePair[] {
    const attributes: SearchAttributeUpdatePair[] = [...this.identity, { key: OUTCOME, value: result.outcome }];
    if (result.outcome === 'skipped' && result.reason) attributes.push({ key: SKIP_REASON, value: result.reason });
    else if (this.knownEnd?.outcome === 'skipped') attributes.push({ key: SKIP_REASON, value: null });
    const { escalation } = result;
    if (escalation) attributes.push({ key: ESCALATION_REASON, value: escalation });
    if (this.channel) attributes.push({ key: CHANNEL, value: this.channel });
    if (this.took.tokens > 0) attributes.push({ key: AI_TOKENS, value: this.took.tokens });
    if (this.took.cost !== null) attributes.push({ key: AI_COST, value: this.took.cost / 1e6 });
    return attributes;
  }

  private describe(state: string): void {
    setCurrentDetails(renderRunDetails({ subject: this.subject, state, steps: this.steps }));
  }
}
