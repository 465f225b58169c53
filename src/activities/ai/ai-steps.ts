import type { ReplyRequest } from '../../ai/backend.ts';
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

/** In characters: an agent reads it. */
const LONGEST_PREVIEW = 2_000;

/** What a model wants called, as a run may go on with it: with what an agent has to see of it. */
export const asWanted = (calls: readonly WantedCall[], tools: CallerTools): WantedCall[] =>
  calls.map((call) => {
    if (call.outcome || call.rule === 'reads') return call;
    const preview = tools.preview(call);
    return preview === null
      ? { ...call, outcome: { ok: false, why: 'the input is not what the tool takes' } }
      : { ...call, preview: withoutMarkers(preview).slice(0, LONGEST_PREVIEW) };
  });
