import { describe, expect, it } from '@jest/globals';
import type { PortalId, TicketId } from '../../../src/hubspot/ids.ts';
import { handoffComment, ticketUrl } from '../../../src/rules/handoff/handoff-comment.ts';

const url = ticketUrl('app-eu1.hubspot.com', '62515' as PortalId, '1846' as TicketId);

describe('the comment of a handoff', () => {
  it('says why, what the AI noticed, and where the ticket is', () => {
    const { text, richText } = handoffComment(
      { reason: 'asks for a refund', language: 'de', sentiment: 'negative' },
      { url },
    );
    expect(text).toBe(`🔄 AI decided to handoff

Reason: asks for a refund

Sentiment: negative

Language: de

Ticket: https://app-eu1.hubspot.com/contacts/62515/ticket/1846`);
    expect(richText).toContain(`<a href="${url}">`);
  });

  it('says why there is no ticket, and what else is missing', () => {
    const { text } = handoffComment({ reason: 'r' }, { missing: 'HubSpot answered 403' }, ['there is no contact']);
    expect(text).toBe(
      '🔄 AI decided to handoff\n\nReason: r\n\nThere is no ticket: HubSpot answered 403\n\nthere is no contact',
    );
  });

  it('says nothing of tickets where none was wanted', () => {
    expect(handoffComment({ reason: 'r' }, null).text).toBe('🔄 AI decided to handoff\n\nReason: r');
  });
});
