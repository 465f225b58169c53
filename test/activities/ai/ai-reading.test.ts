import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../dev/simulator/simulator.ts';
import { createAiReading, MOST_HELD, type ReadablePortal } from '../../../src/activities/ai/ai-reading.ts';
import { createHeldBytes } from '../../../src/activities/ai/held-bytes.ts';
import { createHubSpotClient } from '../../../src/hubspot/client.ts';
import type { MessageId, PortalId, ThreadId, TicketId } from '../../../src/hubspot/ids.ts';
import { asking } from '../../ai/request.ts';
import { attempt } from '../../support/activities.ts';
import { PICTURES } from '../../support/pictures.ts';
import { ACCESS_TOKEN, PORTAL_ID, testSimulator } from '../../support/simulator.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await testSimulator();
});
afterEach(async () => {
  await simulator.close();
  expect(simulator.contractViolations).toEqual([]);
});

const fromSimulator = () =>
  createHubSpotClient({
    portalId: PORTAL_ID as PortalId,
    apiUrl: simulator.url,
    apiVersion: 'v3',
    accessToken: ACCESS_TOKEN,
    timeoutMs: 10_000,
  });

const readingWith = (aiFields: Partial<ReadablePortal['aiFields']>) => {
  const client = fromSimulator();
  const reading = createAiReading(() => ({ client, aiFields: { contact: [], ticket: [], ...aiFields } }));
  return (contactId: string | null, ticketId: string | null = null) =>
    reading(asking('?', { contactId, ticketId: ticketId as TicketId | null }));
};
const never = new AbortController().signal;

describe('a record that the AI may read', () => {
  it('tells nothing unless the settings name a property', () => {
    expect(readingWith({})('1', '2')).toEqual({});
  });

  it('is the thread’s own, and shows the properties that the settings name', async () => {
    const contactId = simulator.createContact({ plan: 'pro', salary: '1' });
    const ticketId = simulator.createTicket({ tracking: 'Z-1', internal_note: 'difficult' });
    const { customer, ticket } = readingWith({ contact: ['plan', 'typo'], ticket: ['tracking'] })(contactId, ticketId);
    expect(customer?.names).toEqual(['plan', 'typo']);
    expect(await customer?.read(never)).toEqual({ plan: 'pro' });
    expect(await ticket?.read(never)).toEqual({ tracking: 'Z-1' });
    expect(simulator.calls.map(({ path }) => path).join()).not.toMatch(/salary|internal_note/);
  });

  it('is empty where HubSpot has none', async () => {
    const read = readingWith({ contact: ['plan'], ticket: ['tracking'] });
    expect(await read('1', '1').customer?.read(never)).toEqual({});
    expect(await read('1', '1').ticket?.read(never)).toEqual({});
    const before = simulator.calls.length;
    expect(await read(null).customer?.read(never)).toEqual({});
    expect(await read(null).ticket?.read(never)).toEqual({});
    expect(simulator.calls).toHaveLength(before);
  });

  it.each([
    ['is away', { kind: 'status', status: 503 }],
    ['refuses the scope', { kind: 'status', status: 403 }],
    ['has no calls left', { kind: 'rate-limit', retryAfter: 10 }],
  ] as const)('is not available while HubSpot %s', async (_what, fault) => {
    simulator.faults.add(fault);
    const { customer } = readingWith({ contact: ['plan'] })(simulator.createContact({ plan: 'pro' }));
    expect(await attempt(1).run(async () => await customer?.read(never))).toBeNull();
  });

  it('is given up with the answer', async () => {
    const { customer } = readingWith({ contact: ['plan'] })('1');
    const why = new Error('a human took over');
    await expect(customer?.read(AbortSignal.abort(why))).rejects.toBe(why);
  });
});

describe('the files of the questions', () => {
  type Files = Parameters<Simulator['customerWrites']>[0]['attachments'];
  const readingOf = (...messages: NonNullable<Files>[]) => {
    let threadId: string | undefined;
    const attachments = messages.flatMap((files) => {
      const written = simulator.customerWrites({ text: 'See', attachments: files, ...(threadId ? { threadId } : {}) });
      threadId = written.threadId;
      return files.map((file) => ({
        name: file.type === 'FILE' ? (file.name ?? null) : null,
        type: file.type === 'FILE' ? file.fileUsageType : file.type,
        messageId: written.messageId as MessageId,
      }));
    });
    const reading = createAiReading(() => ({ client: fromSimulator(), aiFields: { contact: [], ticket: [] } }));
    return reading(asking('See', { threadId: threadId as ThreadId, attachments }));
  };
  const photo = () => simulator.file({ name: 'lamp.png', bytes: PICTURES['image/png'], usage: 'IMAGE' });
  const note = (words: string | Buffer = 'Order 7', name = 'order.txt') =>
    simulator.file({ name, bytes: Buffer.from(words) });
  const BOTH = ['text', 'images'] as const;

  it('come to none where there are none', () => {
    expect(
      createAiReading(() => ({ client: fromSimulator(), aiFields: { contact: [], ticket: [] } }))(asking('?')),
    ).toEqual({});
  });

  it('are read over HTTP, those of every message of the burst, without the token', async () => {
    const { files } = readingOf([photo()], [note()]);
    expect(await files?.(BOTH, never)).toEqual([
      {
        name: 'lamp.png',
        type: 'IMAGE',
        content: { kind: 'images', mediaType: 'image/png', bytes: PICTURES['image/png'] },
      },
      { name: 'order.txt', type: 'OTHER', content: { kind: 'text', text: 'Order 7' } },
    ]);
  });

  it('say why they were not read', async () => {
    const elsewhere = { ...note(), url: 'http://127.0.0.1:1/a.txt' };
    const forged = { ...note(), url: `${note().url}x` };
    const { url: _url, ...nowhere } = note();
    const unread = async (...sent: NonNullable<Files>) =>
      (await readingOf(sent).files?.(['text'], never))?.map(({ content, whyNot }) => content?.kind ?? whyNot);
    expect(await unread(photo(), note('%PDF-1.7'), { type: 'LOCATION' }, note())).toEqual([
      "it is of a kind that you can't read",
      "it is of a kind that you can't read",
      'it is no file',
      'text',
    ]);
    expect(await unread(elsewhere, forged, nowhere, note(Buffer.alloc(4 * 1024 * 1024, 'a')))).toEqual([
      'it is not available now',
      'it is not available now',
      'it is no file',
      'it is too large',
    ]);
    expect(await unread(note(), note(), note(), note(), note())).toEqual([
      'text',
      'text',
      'text',
      'text',
      'there are too many',
    ]);
  });

  it('are unread, all of them, while HubSpot is away', async () => {
    const { files } = readingOf([photo(), note()]);
    simulator.faults.add({ kind: 'status', status: 503 });
    const read = await attempt(1).run(async () => await files?.(BOTH, never));
    expect(read).toEqual([
      { name: 'lamp.png', type: 'IMAGE', whyNot: 'it is not available now' },
      { name: 'order.txt', type: 'OTHER', whyNot: 'it is not available now' },
    ]);
  });

  it('of many answers at once wait for room, and all of them are read', async () => {
    const picture = Buffer.concat([PICTURES['image/png'], Buffer.alloc(200_000)]);
    const sent = simulator.customerWrites({
      text: 'See',
      attachments: [1, 2, 3, 4].map((n) => simulator.file({ name: `${n}.png`, bytes: picture, usage: 'IMAGE' })),
    });
    const attachments = [1, 2, 3, 4].map((n) => ({
      name: `${n}.png`,
      type: 'IMAGE',
      messageId: sent.messageId as MessageId,
    }));
    // Room for the files of two answers before their sizes are known.
    const room = createHeldBytes(MOST_HELD / 2);
    let loading = 0;
    let most = 0;
    const client = fromSimulator();
    const counting: ReadablePortal['client'] = {
      ...client,
      async download(...args) {
        loading += 1;
        most = Math.max(most, loading);
        try {
          return await client.download(...args);
        } finally {
          loading -= 1;
        }
      },
    };
    const reading = createAiReading(() => ({ client: counting, aiFields: { contact: [], ticket: [] } }), room);
    const held: number[] = [];
    const answers = Array.from({ length: 12 }, async () => {
      const one = reading(asking('See', { threadId: sent.threadId as ThreadId, attachments }));
      await one.makeRoom?.(never);
      const read = (await one.files?.(BOTH, never)) ?? [];
      held.push(room.held);
      await new Promise((resolve) => setTimeout(resolve, 20));
      // Another AI that is asked after the first one holds nothing twice.
      const again = (await one.files?.(BOTH, never)) ?? [];
      one.done?.();
      return [...read, ...again].filter(({ content }) => content?.kind === 'images').length;
    });
    expect(await Promise.all(answers)).toEqual(Array(12).fill(8));
    expect(Math.max(...held)).toBeLessThanOrEqual(MOST_HELD / 2);
    expect(most).toBeLessThanOrEqual(8);
    expect(room.held).toBe(0);
  });

  it('that were read as text take no room after it', async () => {
    const room = createHeldBytes(MOST_HELD);
    const sent = simulator.customerWrites({ text: 'See', attachments: [note('a'.repeat(300_000))] });
    const reading = createAiReading(() => ({ client: fromSimulator(), aiFields: { contact: [], ticket: [] } }), room);
    const attachments = [{ name: 'order.txt', type: 'OTHER', messageId: sent.messageId as MessageId }];
    const one = reading(asking('See', { threadId: sent.threadId as ThreadId, attachments }));
    const [file] = (await one.files?.(BOTH, never)) ?? [];
    expect(file?.content).toEqual({ kind: 'text', text: 'a'.repeat(100_000) });
    expect(room.held).toBe(0);
  });

  it('are given up with the answer', async () => {
    const why = new Error('a human took over');
    await expect(readingOf([note()]).files?.(BOTH, AbortSignal.abort(why))).rejects.toBe(why);
  });
});
