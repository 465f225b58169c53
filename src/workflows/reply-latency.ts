import { metricMeter, workflowInfo } from '@temporalio/workflow';
import { type Outcome, REPLY_LATENCY } from './contract.ts';
import type { ReplyContext } from './reply-context.ts';

const replyLatency = () =>
  metricMeter.createHistogram(
    REPLY_LATENCY,
    'int',
    'ms',
    'From the start of a run to what it posted first, by outcome',
  );

/** How long the customer, or the agents, waited. What goes out after an agent's decision waited for people: not counted. */
export const measureLatency = ({ approval }: ReplyContext, outcome: Outcome): void => {
  if (approval.decision === null) replyLatency().record(Date.now() - workflowInfo().startTime.getTime(), { outcome });
};
