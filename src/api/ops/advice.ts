import { ATTENTION_CAUSES, type AttentionCause } from '../../runs/outcomes.ts';
import type { AttentionRun } from '../../temporal/run-overview.ts';

/** The turn to act is theirs. */
export type Who = 'itself' | 'person';

/** The trouble of a run, and the remedy. */
export interface Advice {
  what: string;
  who: Who;
  advice: string;
}

const DOCTOR = 'npm run doctor says which.';
const GOES_ON = 'Then the run goes on by itself, within a minute.';

/** By the type of what HubSpot's calls failed with last. */
const HUBSPOT: Record<string, Advice> = {
  HubSpotUnauthorized: {
    what: "HubSpot refuses the portal's token",
    who: 'person',
    advice:
      'Replace the token and restart the workers, add the scope that it lacks, or connect the portal again: ' +
      `${DOCTOR} ${GOES_ON}`,
  },
  TokenEndpointFailed: {
    what: "The portal's token can't be renewed",
    who: 'person',
    advice: `HubSpot refuses the app's client id or secret, or a firewall answers in its place: ${DOCTOR} ${GOES_ON}`,
  },
  HubSpotRateLimited: {
    what: "The portal's calls of HubSpot are used up",
    who: 'itself',
    advice: 'If it lasts, lower HUBSPOT_CALLS_PER_SECOND, or see which other app calls so often.',
  },
  HubSpotUnavailable: {
    what: 'HubSpot is away',
    who: 'itself',
    advice: "Nothing is to be done: see HubSpot's status page.",
  },
  DeliveryUnknown: {
    what: 'HubSpot gave no clear answer to a post',
    who: 'itself',
    advice: 'It looks on the thread first. Nothing is to be done.',
  },
  HubSpotRefused: {
    what: 'HubSpot refuses a request for good',
    who: 'person',
    advice: "The run's failure says why. Answer the customer, correct what is wrong, or retry.",
  },
  HubSpotNotFound: {
    what: "HubSpot doesn't know what the run is about any more",
    who: 'person',
    advice: 'Look whether the thread is still there, and answer the customer.',
  },
};
const HUBSPOT_SOMEHOW: Advice = {
  what: 'HubSpot refuses or is away',
  who: 'itself',
  advice: 'If it lasts: npm run doctor.',
};

const OTHERS: Record<Exclude<AttentionCause, 'hubspot-failed'>, Advice> = {
  'ai-failed': {
    what: 'The AI gave no answer',
    who: 'person',
    advice:
      'Agents know by a comment. npm run doctor asks the AI: correct its key or model, or wait until it is ' +
      'back. Then retry.',
  },
  'database-failed': {
    what: 'The session database is away',
    who: 'itself',
    advice: 'See to the database: npm run doctor.',
  },
  'post-refused': {
    what: 'HubSpot refused the post',
    who: 'person',
    advice: 'A comment on the thread says why. Answer the customer there, or correct it and retry.',
  },
  'delivery-failed': {
    what: 'The reply did not arrive',
    who: 'person',
    advice: 'The thread was handed over: an agent reaches the customer another way.',
  },
  'handoff-incomplete': {
    what: 'The handoff lacks a part',
    who: 'person',
    advice: "The run's last lines say what is missing, such as the ticket or the customer's notice. Add it yourself.",
  },
  'not-picked-up': {
    what: 'No agent took the thread in time',
    who: 'person',
    advice: 'Take the thread over: the customer waits for a human.',
  },
  'answer-loop': {
    what: 'One address has got as many answers as it may',
    who: 'person',
    advice:
      'A machine may be answering the AI. The thread was handed over: look who writes there. A real customer ' +
      'with many threads needs a higher MAX_REPLIES_PER_HOUR.',
  },
};

const isCause = (cause: string): cause is AttentionCause => (ATTENTION_CAUSES as readonly string[]).includes(cause);

const GAVE_UP = 'It tried for a day and gave up.';

const adviceFor = ({ cause, failure }: Pick<AttentionRun, 'cause' | 'failure'>): Advice => {
  if (!isCause(cause)) return { what: cause, who: 'person', advice: 'The run says more.' };
  if (cause !== 'hubspot-failed') return OTHERS[cause];
  return (failure && Object.hasOwn(HUBSPOT, failure) && HUBSPOT[failure]) || HUBSPOT_SOMEHOW;
};

/**
 * Says what to do about a run that needs attention: what is wrong, whether it tries again by itself or a person must
 * act, and how.
 */
export const adviceOn = (run: Pick<AttentionRun, 'cause' | 'failure' | 'isOpen'>): Advice => {
  const found = adviceFor(run);
  // What has ended does nothing by itself any more.
  if (found.who === 'itself' && !run.isOpen) {
    return { ...found, who: 'person', advice: `${GAVE_UP} ${found.advice} Then retry, or answer the customer.` };
  }
  if (run.isOpen || run.cause !== 'hubspot-failed') return found;
  return { ...found, advice: `${found.advice.replace(` ${GOES_ON}`, '')} ${GAVE_UP} Then retry.` };
};
