import { describe, expect, it } from '@jest/globals';
import type { CustomerMessage } from '../../dev/simulator/simulator.ts';
import type { ReplyRequest } from '../../src/ai/backend.ts';
import { reply, useProduct } from '../support/product.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

const MAIL: CustomerMessage = { channel: 'email', email: 'kim@example.org', name: 'Kim Lee', text: '' };
const party = (senderField: string, value: string, actorId?: string) => ({
  senderField,
  ...(actorId === undefined ? {} : { actorId }),
  deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS' as const, value },
});
const QUESTION = 'How do I return an item?';
const marked = (subject: string, ...above: string[]) => [...above, `Subject: ${subject}`, '', QUESTION].join('\n');

describe('a message as a person reads it', () => {
  const product = useProduct(temporal, {
    COLLEAGUE_DOMAINS: 'staff.example, sam@example.com',
    ANSWER_SENDERS: 'noreply@shop.example, forms.example',
    IGNORE_SENDERS: 'pest.example, troll@example.net',
    TIME_ZONE: 'Europe/Berlin',
  });

  let customers = 0;
  /** Kim is somebody else each time: the same mail of one person on another thread would be answered there. */
  const asAnother = (message: CustomerMessage): CustomerMessage =>
    JSON.parse(JSON.stringify(message).replaceAll('kim@example.org', `kim.${customers}@example.org`));
  const ask = async (message: Partial<CustomerMessage>) => {
    const before = product.ai.asked.length;
    customers += 1;
    const asked = product.simulator.customerWrites(asAnother({ ...MAIL, ...message }));
    const result = await product.resultOf(asked);
    return { result, asked, request: product.ai.asked[before] as ReplyRequest | undefined };
  };
  const recipientOf = (threadId: string) =>
    product.postedBy(threadId)[0]?.recipients[0]?.deliveryIdentifier?.value.replace(/^kim\.\d+@/, 'kim@');

  it.each([
    ['a subject that is all it has', { subject: QUESTION }],
    ['one above a phone’s tagline', { subject: QUESTION, text: 'Sent from my iPhone' }],
    ['one above a signature', { subject: QUESTION, text: 'Kind regards\nKim Lee' }],
    ['one above what nobody sees', { subject: QUESTION, text: '\u200b\u2060' }],
    ['words in HTML alone', { subject: 'Re: Return', richText: `<div>${QUESTION}</div>` }],
    [
      'HTML with styles, and a history',
      {
        richText:
          `<style>p{}</style><p>${QUESTION}</p><div>On Tue, Jan 6, 2026 at 10:00 Support ` +
          '&lt;support@example.com&gt; wrote:</div><blockquote>Hello</blockquote>',
      },
    ],
    ['an original in HTML alone', { text: '', richText: `<p>${QUESTION}</p>`, truncatedTo: 'How do' }],
    ['words above a signature', { text: `${QUESTION}\n\n-- \nKim Lee\nExample GmbH` }],
    ['words above a footer', { text: `${QUESTION}\n\nTo unsubscribe from our newsletter please use the link.` }],
    [
      'a forwarded mail',
      {
        text: marked(
          'Return',
          '---------- Forwarded message ---------',
          'From: Bo <bo@example.net>',
          'Date: Mon, Jan 5, 2026 at 9:12 AM',
        ),
      },
    ],
    [
      'one that Apple Mail forwards',
      { text: marked('Return', 'Begin forwarded message:', '', 'From: Bo <bo@example.net>') },
    ],
    [
      'one that Outlook forwards',
      {
        text: marked(
          'Return',
          '-----Original Message-----',
          'From: Bo <bo@example.net>',
          'Sent: Monday, January 5, 2026 9:12 AM',
          'To: Kim',
        ),
        subject: 'Fwd: Return',
      },
    ],
    [
      'a history that HubSpot has cut off',
      {
        text: `${QUESTION}\n\n##- Please type your reply above this line -##\n\nYour request has been updated.`,
      },
    ],
  ])('asks what it says: %s', async (_, message) => {
    const { result, request } = await ask(message);
    expect(result).toMatchObject({ outcome: 'replied' });
    expect(request?.questions).toEqual([QUESTION]);
  });

  it.each([
    ['From: Hamburg\nTo: Vienna\nDate: 12 May 2026', 'Hello, one question about my parcel:'],
    ['Von: Hamburg\nAn: Warschau\nDatum: 12. Mai 2026', 'Ich möchte buchen:'],
    ['From: Kim Lee\nTo: sales@example.com\nSubject: Warranty', 'New message from your website'],
    ['De : Lyon\nÀ : Nantes\nDate : 3 mars 2026', 'Bonjour, voici mon trajet :'],
  ])('loses no word of the customer’s own: %j', async (journey, above) => {
    const text = `${above}\n\n${journey}\n\n${QUESTION}`;
    expect((await ask({ text })).request?.questions).toEqual([text]);
  });

  it('tells the AI the subject, the time there, and when each line was said', async () => {
    const { request, asked } = await ask({ subject: 'Re: [EXTERNAL] My lamp', text: QUESTION });
    const [mail] = product.simulator.messages(asked.threadId);
    expect(request).toMatchObject({
      subject: 'My lamp',
      askedAt: mail?.createdAt,
      now: expect.stringMatching(/^\d{4}-.*Z$/),
      timeZone: 'Europe/Berlin',
    });
  });

  it.each([
    ['nothing that anybody sees', { text: '\u200b' }],
    ['a word joiner', { text: '\u2060' }],
    ['an object that is not there', { text: '\ufffc' }],
    ['a blank of Braille', { text: '\u2800' }],
    ['nothing visible in HTML', { richText: '<p>&nbsp;</p>\u200c' }],
    ['a reaction', { text: '👍 Kim Lee reacted via Gmail <https://www.google.com/gmail/about/>' }],
    [
      'a reaction that HubSpot has cut',
      {
        text: '❤️ Kim Lee reacted via Gmail\n\nOn Tue, Jan 6, 2026 at 10:00 Support <support@example.com> wrote:\n> Hi',
        truncatedTo: '❤️ Kim Lee reacted via Gmail',
      },
    ],
    ['one of Outlook', { text: 'Kim Lee reacted to your message: 👍' }],
    ['a tagline alone, in an answer', { subject: 'Re: Return', text: 'Sent from my iPhone' }],
  ])('has nothing to answer: %s', async (_, message) => {
    const { result, asked } = await ask({ subject: 'Re: Return', ...message });
    expect(result).toEqual({ outcome: 'skipped', reason: 'empty-message' });
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });

  it.each([
    ['HubSpot’s newsletter', { email: 'newsletter@tools.example', subject: 'How do you handle returns?' }],
    ['a carrier', { email: 'notification@carrier.example', subject: 'Your package is on the way!' }],
    ['an absence behind a gateway’s tag', { subject: '***SPAM*** Automatic reply: Return' }],
    ['a machine nobody answers', { email: 'no-reply@bank.example' }],
    ['a sender that is ignored', { email: 'troll@example.net' }],
    ['a domain that is ignored, and one below it', { email: 'kim@mail.PEST.example' }],
  ])('stays silent: %s', async (_, message) => {
    const { result, asked } = await ask({ text: QUESTION, ...message });
    expect(result).toEqual({ outcome: 'skipped', reason: 'sender-is-bot' });
    expect(product.postedBy(asked.threadId)).toEqual([]);
  });

  it.each([
    ['a person', [party('FROM', 'kim@example.org', 'V-77'), party('ORIGINAL_FROM', 'noreply@bank.example')]],
    ['in any order', [party('ORIGINAL_FROM', 'noreply@bank.example'), party('FROM', 'kim@example.org', 'V-77')]],
    ['of another person', [party('FROM', 'kim@example.org', 'V-77'), party('ORIGINAL_FROM', 'bo@example.net')]],
    [
      'a form that names who filled it in',
      [party('FROM', 'noreply@shop.example'), party('ORIGINAL_FROM', 'kim@example.org')],
    ],
    ['a mailbox of ours', [party('FROM', 'support@example.com'), party('ORIGINAL_FROM', 'kim@example.org', 'V-77')]],
    ['a colleague', [party('FROM', 'sam@staff.example'), party('ORIGINAL_FROM', 'kim@example.org', 'V-77')]],
  ])('answers Kim where a mail is passed on: by %s', async (_, senders) => {
    const { result, asked } = await ask({ text: `I got this from you. ${QUESTION}`, senders });
    expect(result).toMatchObject({ outcome: 'replied' });
    expect(recipientOf(asked.threadId)).toBe('kim@example.org');
  });

  it.each([
    ['a form', 'noreply@shop.example', 'drafted'],
    ['a form below a domain', 'no-reply@web.forms.example', 'drafted'],
    ['a mailbox that is read', 'notifications@forms.example', 'replied'],
  ])('answers who is to be answered: %s', async (_, email, outcome) => {
    const { result, asked, request } = await ask({ text: QUESTION, email });
    expect(result).toMatchObject({ outcome });
    expect(request?.questions).toEqual([QUESTION]);
    if (outcome === 'drafted') expect(product.postedBy(asked.threadId)).toMatchObject([{ type: 'COMMENT' }]);
  });

  it.each(['sam@staff.example', 'Sam@Example.com', 'kim@berlin.staff.example'])(
    'takes a colleague’s mail for an agent’s: %s',
    async (email) => {
      const { asked } = await ask({ text: QUESTION, email: 'kim@example.org' });
      const { threadId } = asked;
      const answer = product.simulator.customerWrites({ ...MAIL, threadId, email, text: 'It ships tomorrow.' });
      expect(await product.resultOf(answer)).toEqual({ outcome: 'skipped', reason: 'sender-is-agent' });
      expect(product.postedBy(threadId)).toHaveLength(1);
    },
  );

  it('sees what a chatflow has asked', async () => {
    const hello = product.simulator.customerWrites({ channel: 'chat', text: 'Hello' });
    await product.resultOf(hello);
    const { threadId } = hello;
    product.simulator.agentWrites(threadId, { actorId: 'B-1', text: 'Do you want to return an item?' });
    await product.simulator.settle();
    await product.resultOf(product.simulator.customerWrites({ threadId, text: 'Yes' }));
    const request = product.ai.asked.at(-1);
    expect(request?.questions).toEqual(['Yes']);
    expect(request?.transcript.at(-1)).toMatchObject({
      from: 'bot',
      text: 'Do you want to return an item?',
      at: expect.stringMatching(/Z$/),
    });
  });
});

describe('a mail thread of two people', () => {
  const product = useProduct(temporal, { EMAIL_DELAY: '1s' });
  const ANNA = { channel: 'email', email: 'anna@example.org', name: 'Anna' } as const;
  const BERT = { ...ANNA, email: 'bert@example.net', name: 'Bert' } as const;
  const mailsOf = (threadId: string) =>
    product
      .postedBy(threadId)
      .flatMap((item) => (item.type === 'MESSAGE' ? [item] : []))
      .map(({ recipients, text }) => [recipients.map(({ deliveryIdentifier }) => deliveryIdentifier?.value), text]);

  it('answers each of them what they asked, and tells neither of the other', async () => {
    product.ai.answer = ({ questions, transcript, contactId }) =>
      reply([...questions, ...transcript.map(({ text }) => text), contactId ?? 'no contact'].join(' | '));
    const anna = product.simulator.customerWrites({ ...ANNA, contactId: '31', text: 'My IBAN is DE00 0000.' });
    const { threadId } = anna;
    const bert = product.simulator.customerWrites({ ...BERT, threadId, text: 'How much is shipping?' });
    const both = await Promise.all([product.resultOf(anna), product.resultOf(bert)]);
    expect(both).toMatchObject([{ outcome: 'replied' }, { outcome: 'replied' }]);
    expect(mailsOf(threadId).sort()).toEqual([
      [['anna@example.org'], 'My IBAN is DE00 0000. | 31'],
      [['bert@example.net'], 'How much is shipping? | no contact'],
    ]);

    const again = product.simulator.customerWrites({ ...BERT, threadId, text: 'And abroad?' });
    await product.resultOf(again);
    expect(mailsOf(threadId).at(-1)).toEqual([['bert@example.net'], expect.not.stringContaining('IBAN')]);
    expect(product.ai.asked.at(-1)).toMatchObject({ questions: ['And abroad?'], aiSessionId: null });
  });

  it('answers two mails of one of them once, whatever the other writes in between', async () => {
    product.ai.answer = ({ questions }) => reply(questions.join(' | '));
    const first = product.simulator.customerWrites({ ...ANNA, text: 'One.' });
    const { threadId } = first;
    const between = product.simulator.customerWrites({ ...BERT, threadId, text: 'Mine.' });
    const second = product.simulator.customerWrites({ ...ANNA, threadId, email: 'Anna@Example.org', text: 'Two.' });
    const results = await Promise.all([first, between, second].map((written) => product.resultOf(written)));
    expect(results).toMatchObject([
      { outcome: 'skipped', reason: 'superseded' },
      { outcome: 'replied' },
      { outcome: 'replied' },
    ]);
    expect(
      mailsOf(threadId)
        .map(([, text]) => text)
        .sort(),
    ).toEqual(['Mine.', 'One. | Two.']);
  });

  it('lets an agent who answers the thread speak for all', async () => {
    const anna = product.simulator.customerWrites({ ...ANNA, text: 'One.' });
    const { threadId } = anna;
    const bert = product.simulator.customerWrites({ ...BERT, threadId, text: 'Mine.' });
    product.simulator.agentWrites(threadId, { actorId: 'A-77', text: 'Hello both' });
    const results = await Promise.all([anna, bert].map((written) => product.resultOf(written)));
    expect(results.map(({ reason }) => reason)).toEqual(['human-replied', 'human-replied']);
    expect(product.postedBy(threadId)).toEqual([]);
  });
});
