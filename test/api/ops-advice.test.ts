import { describe, expect, it } from '@jest/globals';
import { adviceOn } from '../../src/api/ops/advice.ts';
import { ATTENTION_CAUSES } from '../../src/runs/outcomes.ts';

const open = (cause: string, failure?: string) => adviceOn({ cause, isOpen: true, ...(failure ? { failure } : {}) });
const ended = (cause: string, failure?: string) => adviceOn({ cause, isOpen: false, ...(failure ? { failure } : {}) });

describe('a run that needs attention', () => {
  it.each([
    ['HubSpotUnauthorized', 'person', /token/],
    ['TokenEndpointFailed', 'person', /client id or secret/],
    ['HubSpotRefused', 'person', /Answer the customer/],
    ['HubSpotNotFound', 'person', /Answer|answer/],
    ['HubSpotUnavailable', 'itself', /Nothing is to be done/],
    ['HubSpotRateLimited', 'itself', /HUBSPOT_CALLS_PER_SECOND/],
    ['DeliveryUnknown', 'itself', /Nothing is to be done/],
    ['toString', 'itself', /npm run doctor/],
    [undefined, 'itself', /npm run doctor/],
  ])('whose calls of HubSpot fail with %s waits for: %s', (failure, who, advice) => {
    expect(open('hubspot-failed', failure)).toMatchObject({ who, advice: expect.stringMatching(advice) });
  });

  it.each([
    ['ai-failed', 'person'],
    ['database-failed', 'itself'],
    ['post-refused', 'person'],
    ['delivery-failed', 'person'],
    ['handoff-incomplete', 'person'],
    ['not-picked-up', 'person'],
    ['answer-loop', 'person'],
    ['a cause of a newer version', 'person'],
  ])('by %s waits for: %s', (cause, who) => {
    expect(open(cause)).toMatchObject({ who, advice: expect.stringMatching(/\w/) });
  });

  it.each(ATTENTION_CAUSES)('by %s, and has ended, does nothing by itself any more', (cause) => {
    for (const failure of [undefined, 'HubSpotUnavailable', 'HubSpotUnauthorized']) {
      expect(ended(cause, failure)).toMatchObject({ who: 'person', advice: expect.not.stringContaining('by itself') });
    }
  });
});
