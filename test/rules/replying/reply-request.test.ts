import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../src/hubspot/conversation.ts';
import type { MessageId, PortalId, ThreadId } from '../../../src/hubspot/ids.ts';
import { buildReplyRequest } from '../../../src/rules/replying/reply-request.ts';
import type { Session } from '../../../src/sessions/store.ts';
import { AI, comment, conversation, fromAgent, fromAi, fromCustomer } from '../../support/messages.ts';

const session: Session = {
  portalId: '62515' as PortalId,
  threadId: '987' as ThreadId,
  contactId: '31',
  ticketId: null,
  channelId: '1000',
  aiSessionId: 'ai-1',
  customData: { tier: 'gold' },
  turns: 1,
  mode: 'ai',
  silenced: null,
};

describe('buildReplyRequest', () => {
  const first = fromCustomer({ at: 8, text: 'Hello' });
  const second = fromCustomer({
    at: 10,
    text: 'Where is my ord',
    truncated: true,
    attachments: [{ name: 'a.png', type: 'IMAGE' }],
  });
  const before = [
    fromCustomer({ at: 1, text: 'Do you ship abroad?' }),
    fromAi({ at: 2, text: 'Yes' }),
    comment({ at: 3, text: 'a difficult customer' }),
    fromCustomer({ at: 4, by: 'B-1' as never, text: 'beep' }),
    fromAgent({ at: 5, text: 'To most countries' }),
  ];
  const request = buildReplyRequest(
    conversation([...before, first, second]),
    [first, second],
    [{ messageId: 'm10' as MessageId, text: 'Where is my order 77?' }],
    session,
    AI,
  );

  it('asks the whole burst, in full where HubSpot had cut it', () => {
    expect(request.questions).toEqual(['Hello', 'Where is my order 77?']);
    expect(request.attachments).toEqual([{ name: 'a.png', type: 'IMAGE', messageId: 'm10' }]);
  });

  const quoting = '> Hello\n> there';
  const aMail = (at: number, text: string, changes: Parameters<typeof fromCustomer>[0] = {}) =>
    fromCustomer({ at, text, channelId: '1002', ...changes });
  const askedBy = (...burst: Message[]) => buildReplyRequest(conversation(burst), burst, [], session, AI);

  it('asks only what a mail says itself, and brings the newest history that one quotes', () => {
    const { questions, quoted } = askedBy(
      aMail(1, `Where is it?\n\n> older`),
      aMail(2, `And the lamp?\n\n${quoting}`),
      aMail(3, 'Please.'),
    );
    expect(questions).toEqual(['Where is it?', 'And the lamp?', 'Please.']);
    expect(quoted).toBe(quoting);
  });

  it('splits what was read in full', () => {
    const mail = aMail(1, 'Where', { truncated: true });
    const full = [{ messageId: mail.id, text: `Where is it?\n\n${quoting}` }];
    expect(buildReplyRequest(conversation([mail]), [mail], full, session, AI)).toMatchObject({
      questions: ['Where is it?'],
      quoted: quoting,
    });
  });

  it('keeps a long history’s beginning', () => {
    expect(askedBy(aMail(1, `Hi\n\n${'> line\n'.repeat(5_000)}`)).quoted).toHaveLength(8_000);
  });

  it('takes a bare quote for the question, unless a file came with it', () => {
    expect(askedBy(aMail(1, quoting))).toMatchObject({ questions: [quoting], quoted: null });
    const attachments = [{ name: 'a.png', type: 'IMAGE' }];
    expect(askedBy(aMail(1, quoting, { attachments }))).toMatchObject({ questions: [''], quoted: quoting });
  });

  it('leaves a chat’s words alone', () => {
    expect(askedBy(fromCustomer({ text: `Look:\n${quoting}` }))).toMatchObject({
      questions: [`Look:\n${quoting}`],
      quoted: null,
    });
  });

  it('leaves quotes out of what was said before: it was said before them', () => {
    const [earlier, now] = [fromAgent({ at: 1, text: `Soon.\n\n${quoting}`, channelId: '1002' }), aMail(2, 'When?')];
    expect(buildReplyRequest(conversation([earlier, now]), [now], [], session, AI).transcript).toMatchObject([
      { text: 'Soon.' },
    ]);
  });

  it('tells what was said before, a bot’s lines too, without internal comments', () => {
    expect(request.transcript.map(({ from, text }) => `${from}: ${text}`)).toEqual([
      'customer: Do you ship abroad?',
      'ai: Yes',
      'bot: beep',
      'agent: To most countries',
    ]);
  });

  it('brings agents’ notes where the settings allow it, but no command and no word of the AI’s', () => {
    const notes = [
      comment({ at: 1, text: 'a good customer' }),
      comment({ at: 2, text: '/ai pause' }),
      comment({ at: 3, text: 'AI draft', postKey: 'drafted.m0' }),
      comment({ at: 4, text: 'from an app', by: 'I-9' as never }),
    ];
    const asking = fromCustomer({ at: 5 });
    const seen = (readsNotes: boolean) =>
      buildReplyRequest(conversation([...notes, asking]), [asking], [], session, AI, { readsNotes }).transcript;
    expect(seen(true)).toMatchObject([{ from: 'note', text: 'a good customer' }]);
    expect(seen(false)).toEqual([]);
  });

  it('says when each line was said, and what time it is', () => {
    expect(request.transcript[0]).toMatchObject({ at: before[0]?.createdAt });
    expect(request).toMatchObject({ askedAt: second.createdAt, timeZone: 'UTC' });
    const now = '2026-03-01T12:00:00.000Z';
    const told = buildReplyRequest(conversation([first]), [first], [], session, AI, { now, timeZone: 'Asia/Tokyo' });
    expect(told).toMatchObject({ now, timeZone: 'Asia/Tokyo' });
  });

  it('brings what the session knows', () => {
    expect(request).toMatchObject({ channel: 'live chat', customData: { tier: 'gold' }, aiSessionId: 'ai-1' });
  });

  it('names the contact by email only where there is one', () => {
    expect(request.contact).toEqual({ name: null, email: null });
    const mail = fromCustomer({
      channelId: '1002',
      senders: [
        { actorId: null, name: 'Kim', field: 'FROM', address: { type: 'HS_EMAIL_ADDRESS', value: 'kim@example.com' } },
      ],
    });
    expect(buildReplyRequest(conversation([mail]), [mail], [], session, AI).contact).toEqual({
      name: 'Kim',
      email: 'kim@example.com',
    });
  });
});
