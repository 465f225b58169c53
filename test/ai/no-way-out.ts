import { expect } from '@jest/globals';
import fc from 'fast-check';
import { sendable } from '../../src/activities/ai/ai.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { replyBody } from '../../src/rules/replying/post-body.ts';
import { ALLOWED_DOMAIN, answers, OWN_ADDRESS } from './hostile-links.ts';
import { asking } from './request.ts';
import { wayOut } from './way-out.ts';

const RULES = { confidential: [], linkDomains: [ALLOWED_DOMAIN] };
const request = asking('?', { channel: 'email', contact: { name: null, email: OWN_ADDRESS } });

/** Makes so many hostile answers, and expects that none that is sent leads elsewhere: enough of them are sent. */
export const expectNoWayOut = (numRuns: number): void => {
  const count = { sent: 0, linked: 0 };
  fc.assert(
    fc.property(answers, (text) => {
      const given: AiAnswer = { action: 'reply', text, sources: [], confidence: null, aiSessionId: null };
      const answer = sendable(given, request, RULES);
      if (answer.action === 'handoff') return;
      const words = replyBody(answer.text, { sources: answer.sources });
      count.sent += 1;
      if (words.richText.includes('<a ')) count.linked += 1;
      expect(wayOut(words)).toBeNull();
    }),
    // The same ones each time: a new find belongs into the grammar's test, not into somebody else's change.
    { numRuns, seed: 7 },
  );
  // It is the hostile that are withheld, not all.
  expect(count.sent).toBeGreaterThan(numRuns / 10);
  expect(count.linked).toBeGreaterThan((numRuns * 3) / 100);
};
