import { Context } from '@temporalio/activity';
import type { Asker } from '../hubspot/call-budget.ts';
import { PRIORITY_KEY } from '../runs/priority.ts';

/**
 * Says who asks for a call of HubSpot: the activity that is at work, as urgent as its task was in the queue. What no
 * activity asks for looks for lost webhooks.
 */
export const callAsker = (): Asker => {
  let activity: Context;
  try {
    activity = Context.current();
  } catch {
    return { urgency: PRIORITY_KEY.catchUp };
  }
  // A server that knows no priorities says none.
  return { urgency: activity.info.priority?.priorityKey || PRIORITY_KEY.reply, work: activity };
};
