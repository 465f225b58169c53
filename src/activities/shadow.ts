import { judgeShadow, type ShadowComparison } from '../ai/similarity.ts';
import type { HumanWords, ShadowDraft } from '../sessions/shadow.ts';
import type { SessionStore } from '../sessions/store.ts';

/** A statement or two on the session store, and idempotent as that is. */
export interface ShadowActivities {
  keepShadowDraft(draft: ShadowDraft): Promise<void>;
  /** Puts what agents wrote beside the AI's newest draft before it; `null`: there is none. */
  compareWithShadow(written: HumanWords[]): Promise<ShadowComparison | null>;
}

export const createShadowActivities = (sessions: SessionStore): ShadowActivities => ({
  keepShadowDraft: (draft) => sessions.keepShadowDraft(draft),
  async compareWithShadow(written) {
    let comparison: ShadowComparison | null = null;
    for (const words of written) {
      const pair = await sessions.noteHumanWords(words);
      if (pair !== null) comparison = judgeShadow(pair);
    }
    return comparison;
  },
});
