import { setCurrentDetails } from '@temporalio/workflow';
import type { DispatchDeliveryResult } from '../../runs/dispatch-delivery.ts';
import { activitiesOf } from '../shared/activity-options.ts';
import { parseDispatchDelivery } from '../shared/input.ts';

/**
 * Starts the runs of one large webhook delivery: the API makes the delivery durable with a single start, well within
 * HubSpot's five seconds. The runs have the same IDs and the same policy as those the API starts itself.
 * @throws {ApplicationFailure} `InvalidInput`, at once.
 */
export async function dispatchDelivery(input: unknown): Promise<DispatchDeliveryResult> {
  const { starts } = parseDispatchDelivery(input);
  const [first] = starts;
  if (!first) return { started: 0, duplicate: 0 };
  const { runStarts } = activitiesOf(first.input.portalId, 'reply');
  const result = await runStarts.startRuns(`${starts.length} runs`, { starts });
  setCurrentDetails(`${starts.length} events → ${result.started} runs started, ${result.duplicate} already known`);
  return result;
}
