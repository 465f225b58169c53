import type { ReplyRequest } from '../../ai/backend.ts';
import type { Leak } from '../../ai/check-input.ts';
import type { Spent } from '../../ai/prices.ts';
import type { Ground, Progress, UseTools, WantedCall } from '../../ai/steps.ts';
import { withoutMarkers } from '../../hubspot/markers.ts';
import type { CallerTools } from './caller-tools.ts';

/** `agent`: how far the answer has come; absent from a run that wants all steps in one go. */
export type Ask = ReplyRequest & { agent?: Progress };

/**
 * A model wants these called first, and what it took. `ground`: absent where it was given. `held`: a rule keeps the
 * answer from being sent by itself, so nothing may be changed without an agent either.
 */
export type ToolsWanted = Omit<UseTools, 'ground' | 'usage'> & { ground?: Ground; spent?: Spent; held?: true };

/** In characters: an agent reads it to its end, for nothing of it is cut. */
const LONGEST_PREVIEW = 6_000;

const LEADS_ELSEWHERE = "the input holds a link, or an address that is not the customer's own";

/**
 * What a model wants called, as a run may go on with it: with what an agent has to see of it. `leak`: what of an input
 * no answer could hold. `null`: something confidential, which nobody may be given. An agent who has to agree sees where
 * an input leads.
 */
export const asWanted = (
  calls: readonly WantedCall[],
  tools: CallerTools,
  leak: (input: unknown) => Leak,
): WantedCall[] | null => {
  const wanted: WantedCall[] = [];
  for (const call of calls) {
    const { name, input, rule } = call;
    const held = tools.offers.some((offer) => offer.name === name) ? leak(input) : null;
    if (held === 'confidential') return null;
    const refused = (why: string) => wanted.push({ ...call, outcome: { ok: false, why } });
    if (call.outcome) wanted.push(call);
    else if (held === 'elsewhere' && rule !== 'approve') refused(LEADS_ELSEWHERE);
    else if (rule === 'reads') wanted.push(call);
    else {
      const preview = tools.preview(call);
      if (preview === null) refused('the input is not what the tool takes');
      else if (preview.length > LONGEST_PREVIEW) refused('the input is longer than an agent would read');
      else if (withoutMarkers(preview) !== preview.trim()) refused('the input holds a mark of ours');
      else wanted.push({ ...call, preview });
    }
  }
  return wanted;
};
