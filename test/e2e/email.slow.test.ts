import { describe, expect, it } from '@jest/globals';
import type { CustomerMessage, ThreadItem } from '../../dev/simulator/simulator.ts';
import { reply, useProduct } from '../support/product.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

const recipient = (recipientField: string, value: string) => ({
  recipientField,
  deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS' as const, value },
});
const MAIL: CustomerMessage = {
  channel: 'email',
  email: 'kim@example.org',
  text: 'Where is my order?',
  recipients: [recipient('TO', 'support@example.com'), recipient('CC', 'sam@example.org')],
};
const recipientsOf = (item: ThreadItem | undefined) =>
  item?.recipients.map(({ recipientField, deliveryIdentifier }) => [recipientField, deliveryIdentifier?.value]);

describe('a mailbox with a signature that answers all', () => {
  const product = useProduct(temporal, {
    EMAIL_SIGNATURE: 'Kind regards\\nExample Shop',
    EMAIL_REPLY_ALL: 'true',
    REPLY_LINK_DOMAINS: 'example.com',
  });

  it('answers what the customer wrote themselves, to all, signed, in words and in HTML', async () => {
    product.ai.answer = () => reply('It is **on its way**:\n- see https://example.com/track');
    const history = 'On Tue, Jan 6, 2026 at 10:00 Support <support@example.com> wrote:\n> How can we help?';
    const asked = product.simulator.customerWrites({
      ...MAIL,
      text: `Where is my order?\n\n${history}`,
      truncatedTo: 'Where is',
    });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(product.ai.asked.at(-1)).toMatchObject({ questions: ['Where is my order?'], quoted: history });
    const [posted, ...more] = product.postedBy(asked.threadId);
    expect(more).toEqual([]);
    expect(posted).toMatchObject({
      type: 'MESSAGE',
      text: 'It is on its way:\n- see https://example.com/track\n\nKind regards\nExample Shop',
      richText: expect.stringMatching(
        /^<p>It is <strong>on its way<\/strong>:<\/p><ul><li>see <a href="https:\/\/example.com\/track">.*<p>Kind regards<br>Example Shop<\/p><!--/,
      ),
    });
    expect(recipientsOf(posted)).toEqual([
      ['TO', 'kim@example.org'],
      ['CC', 'sam@example.org'],
    ]);
  });

  it('hands a mail over that is nothing but a file', async () => {
    const before = product.ai.asked.length;
    const asked = product.simulator.customerWrites({
      ...MAIL,
      text: '',
      attachments: [
        { type: 'FILE', fileId: '1', fileUsageType: 'OTHER', name: 'bill.pdf', url: 'https://example.com/1' },
      ],
    });
    const reason = "the customer sent a file (pdf) that the AI can't read";
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off', reason });
    expect(product.postedBy(asked.threadId)).toMatchObject([
      { type: 'COMMENT', text: expect.stringContaining(reason) },
      // The customer is told, by a mail that looks like every reply.
      { type: 'MESSAGE', text: expect.stringMatching(/passed it on to our team[\s\S]*Kind regards/) },
    ]);
    expect(product.ai.asked).toHaveLength(before);
  });

  it('signs no chat', async () => {
    product.ai.answer = () => reply('Soon.');
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    await product.resultOf(asked);
    expect(product.postedBy(asked.threadId)).toMatchObject([{ text: 'Soon.' }]);
  });
});

describe('a mailbox that answers all', () => {
  const product = useProduct(temporal, { EMAIL_REPLY_ALL: 'true' });

  it('copies people alone: neither its own addresses with a tag, nor HubSpot’s, nor mailboxes that nobody reads', async () => {
    const copied = [
      'support+orders@example.com',
      '62515@bcc.hubspot.com',
      'support@example-shop.hs-inbox.com',
      'no-reply@shop.example',
      'sam+lamps@example.org',
    ];
    const asked = product.simulator.customerWrites({
      ...MAIL,
      recipients: [recipient('TO', 'support@example.com'), ...copied.map((address) => recipient('CC', address))],
    });
    await product.resultOf(asked);
    expect(recipientsOf(product.postedBy(asked.threadId)[0])).toEqual([
      ['TO', 'kim@example.org'],
      ['CC', 'sam+lamps@example.org'],
    ]);
  });

  it.each([
    ['AW: Re: AW: Sizes', 'Re: Sizes'],
    ['RE[2]: Sizes', 'Re: Sizes'],
    ['Re：尺码', 'Re: 尺码'],
    ['SV: Storlek', 'Re: Storlek'],
    ['Antw: Maat', 'Re: Maat'],
    ['RIF: Taglie', 'Re: Taglie'],
    ['Odp: SV: Re: Rozmiar', 'Re: Rozmiar'],
    ['回复: 答复: 尺码', 'Re: 尺码'],
    ['[EXTERNAL] Re: VS: Koko', 'Re: Koko'],
  ])('answers %j as %j', async (subject, answered) => {
    const asked = product.simulator.customerWrites({ ...MAIL, subject });
    await product.resultOf(asked);
    expect(product.postedBy(asked.threadId)).toMatchObject([{ subject: answered }]);
  });

  it.each(['chat', 'messenger', 'custom'] as const)(
    'posts no more on %s than people read there, with all that is added',
    async (channel) => {
      const sources = [{ title: 'Returns, refunds and exchanges of orders', path: 'returns.md' }];
      for (const length of [1_990, 2_400, 9_000]) {
        const text = 'Lamps ship soon. '.repeat(length / 17 + 1).slice(0, length);
        product.ai.answer = () => ({ ...reply(text), sources }) as ReturnType<typeof reply>;
        const asked = product.simulator.customerWrites({ channel, text: 'Where is my order?' });
        expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
        const [posted, ...more] = product.postedBy(asked.threadId);
        expect(more).toEqual([]);
        expect(posted).toMatchObject({ type: 'MESSAGE', text: expect.stringMatching(/^Lamps.*(soon\. …|L|La|Lam)$/) });
        expect(posted && 'text' in posted ? posted.text.length : 0).toBeLessThanOrEqual(2_000);
      }
    },
  );
});

describe('a mailbox as it comes', () => {
  const product = useProduct(temporal);

  it('answers the sender alone', async () => {
    const asked = product.simulator.customerWrites(MAIL);
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    const [posted] = product.postedBy(asked.threadId);
    expect(posted).toMatchObject({ text: 'You asked: Where is my order?' });
    expect(recipientsOf(posted)).toEqual([['TO', 'kim@example.org']]);
  });
});
