import { describe, expect, it } from '@jest/globals';
import type { ThreadId } from '../../../src/hubspot/ids.ts';
import { isSubjectOf, ticketContent, ticketSubject } from '../../../src/rules/handoff/ticket-content.ts';
import { AI, comment, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const THREAD = '6065362089' as ThreadId;
const where = { aiActorId: AI, threadUrl: 'https://app.hubspot.com/live-messages/1/inbox/6065362089' };

describe('a ticket’s subject', () => {
  it.each([
    [
      'how the last question begins',
      [fromCustomer({ text: 'Old' }), fromAi({ at: 1 }), fromCustomer({ at: 2, text: 'Where is\nit?' })],
      'Where is it?',
    ],
    ['a mail’s subject', [fromCustomer({ subject: 'Refund' })], 'Refund'],
    ['cut', [fromCustomer({ text: 'x'.repeat(200) })], `${'x'.repeat(79)}…`],
    ['something, where nothing was written', [fromCustomer({ text: '' })], 'A question'],
  ])('is %s', (_, messages, about) => {
    const subject = ticketSubject(THREAD, messages, AI);
    expect(subject).toBe(`${about} (conversation ${THREAD})`);
    expect(isSubjectOf(THREAD, subject)).toBe(true);
    expect(isSubjectOf('606536208' as ThreadId, subject)).toBe(false);
  });
});

describe('a ticket’s content', () => {
  it('asks nothing again that was settled when the thread was closed', () => {
    const messages = [
      fromCustomer({ at: 1, text: 'The lamp is broken' }),
      fromCustomer({ at: 9, text: 'No parcel came' }),
    ];
    const content = ticketContent({ reason: 'asks for a person' }, messages, {
      ...where,
      closings: [new Date(Date.UTC(2026, 0, 1, 12, 0, 5)).toISOString()],
    });
    expect(content).toMatch(/What was asked:\nNo parcel came\n\n/);
    expect(content).toContain('Customer: The lamp is broken');
  });

  it('has a long conversation in short, what the AI looked at, and what it would have said', () => {
    const messages = [
      fromCustomer({ at: 1, text: 'Hello,\nmy lamp is broken' }),
      ...[2, 3, 4, 5, 6].map((at) => fromAi({ at, text: 'Hi!' })),
      fromCustomer({ at: 7, text: 'My money back' }),
    ];
    const content = ticketContent({ reason: 'r', consulted: ['Returns'], unsent: 'Two days.' }, messages, where);
    expect(content).toContain(
      'The AI looked at: Returns\n\nThe AI would have answered, which was not sent:\nTwo days.\n\n',
    );
    expect(content).toContain(
      'In short: 7 messages (Customer 2, AI 5). It began with: Hello, my lamp is broken\n\nWhat was',
    );
    // A short one is soon read.
    expect(ticketContent({ reason: 'r' }, messages.slice(1), where)).not.toContain('In short');
  });

  it('is the reason, what was asked, and the conversation with times and speakers', () => {
    const messages = [
      fromCustomer({ at: 1, text: 'Hello' }),
      fromAi({ at: 2, text: 'Hi!' }),
      comment({ at: 3, text: 'a note of ours' }),
      fromAgent({ at: 4, text: 'Kim here' }),
      fromCustomer({ at: 5, text: 'My money back', attachments: [{ name: 'bill.pdf', type: 'OTHER' }] }),
    ];
    const content = ticketContent(
      { reason: 'asks for a refund', language: 'en', sentiment: 'negative' },
      messages,
      where,
    );
    expect(content).toBe(`Handed over by the AI: asks for a refund

Channel: live chat
Language: en
Sentiment: negative

Conversation: ${where.threadUrl}

What was asked:
My money back
[1 file attached]

The conversation (times in UTC):
[2026-01-01 12:00:01] Customer: Hello
[2026-01-01 12:00:02] AI: Hi!
[2026-01-01 12:00:04] Agent: Kim here
[2026-01-01 12:00:05] Customer: My money back
[1 file attached]`);
  });

  it('keeps within HubSpot’s limit, the newest first, and says what is left out', () => {
    const messages = Array.from({ length: 100 }, (_, at) => fromCustomer({ at, text: `${at} ${'x'.repeat(2_000)}` }));
    const content = ticketContent({ reason: 'r' }, messages, where);
    expect(content.length).toBeLessThanOrEqual(65_536);
    expect(content).toContain('99 xxx');
    expect(content).toMatch(/\[\d\d earlier messages left out\]/);
    expect(content).not.toContain(']: 0 x');
  });

  it('cuts a message that alone is too long', () => {
    const content = ticketContent({ reason: 'r' }, [fromCustomer({ text: 'x'.repeat(100_000) })], where);
    expect(content.length).toBeLessThanOrEqual(65_536);
    expect(content.length).toBeGreaterThan(60_000);
  });
});
