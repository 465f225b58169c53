import { describe, expect, it } from '@jest/globals';
import type { PortalId, TicketId } from '../../../src/hubspot/ids.ts';
import { closedNote, handoffComment, ticketUrl } from '../../../src/rules/handoff/handoff-comment.ts';
import { settings } from '../../support/messages.ts';

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

  it('says what the AI looked at, what it would have answered, and where to see more', () => {
    const { text } = handoffComment(
      {
        reason: 'r',
        consulted: ['Returns', 'Refunds'],
        unsent: 'Two days.',
        links: { run: 'https://t.example/w/1', ops: 'https://o.example/ops' },
      },
      null,
    );
    expect(text).toBe(`🔄 AI decided to handoff

Reason: r

The AI looked at: Returns; Refunds

The AI would have answered, which was not sent:
Two days.

What the AI did: https://t.example/w/1

The desk: https://o.example/ops`);
  });

  it('says when agents are there, and what happens until then', () => {
    const closed = { now: Date.parse('2026-11-28T20:00:00Z'), opening: Date.parse('2026-11-30T08:00:00Z') };
    const berlin = settings({ timeZone: 'Europe/Berlin' });
    const begin = 'Outside of business hours, which begin Monday 09:00 (Europe/Berlin).';
    expect(closedNote(null, 'now', berlin)).toBeNull();
    expect(closedNote(closed, 'now', berlin)).toBe(begin);
    expect(closedNote(closed, 'in-hours', berlin)).toBe(`${begin} The thread is handed over then.`);
    expect(closedNote(closed, 'stay', berlin)).toMatch(/Until then the AI keeps answering here/);
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
