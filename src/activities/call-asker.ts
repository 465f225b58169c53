import { Context } from '@temporalio/activity';
import type { Asker } from '../hubspot/call-budget.ts';
import { atOnceSignal } from '../lib/at-once.ts';
import { PRIORITY_KEY } from '../runs/priority.ts';

/**
 * Says who asks for a call of HubSpot: the activity that is at work, as urgent as its task was in the queue. What no
 * activity asks for looks for lost webhooks. A local activity that reads at once waits for no call.
 */
export const callAsker = (): Asker => {
  let activity: Context;
  try {
    activity = Context.current();
  } catch {
    return { urgency: PRIORITY_KEY.catchUp };
  }
  // A server that knows no priorities says none.
  const urgency = activity.info.priority?.priorityKey || PRIORITY_KEY.reply;
  return { urgency, work: activity, ...(atOnceSignal() ? { nowOrNever: true } : {}) };
};
