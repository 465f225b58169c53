import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerMessage, Simulator } from '../../dev/simulator/simulator.ts';
import { API_VERSIONS, pathIn } from '../../src/hubspot/api-version.ts';
import { createHubSpotClient, type HubSpotClient } from '../../src/hubspot/client.ts';
import type { Outgoing } from '../../src/hubspot/conversation.ts';
import {
  DeliveryUnknown,
  HubSpotNotFound,
  HubSpotRateLimited,
  HubSpotRefused,
  HubSpotUnauthorized,
  HubSpotUnavailable,
} from '../../src/hubspot/errors.ts';
import type { ActorId, MessageId, PortalId, ThreadId, TicketId } from '../../src/hubspot/ids.ts';
import { freePort } from '../support/free-port.ts';
import { ACCESS_TOKEN, AGENT_ID, AI_ACTOR_ID, PORTAL_ID, testSimulator } from '../support/simulator.ts';

describe.each(API_VERSIONS)('speaking %s', (apiVersion) => {
  const WHOLE = Number.MAX_SAFE_INTEGER;
  let simulator: Simulator;
  let client: HubSpotClient;

  const clientOf = (changes: Partial<Parameters<typeof createHubSpotClient>[0]> = {}) =>
    createHubSpotClient({
      portalId: PORTAL_ID as PortalId,
      apiUrl: simulator.url,
      apiVersion,
      accessToken: ACCESS_TOKEN,
      timeoutMs: 10_000,
      ...changes,
    });

  beforeEach(async () => {
    simulator = await testSimulator();
    client = clientOf();
  });
  afterEach(async () => {
    await simulator.close();
    expect(simulator.contractViolations).toEqual([]);
    // No call goes out in another version's path.
    const elsewhere = simulator.calls.filter(({ path }) => !path.replace('?', '/').includes(`/${apiVersion}/`));
    expect(elsewhere).toEqual([]);
  });

  const chat = (text = 'Where is my order?') => {
    const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text });
    return { threadId: threadId as ThreadId, messageId: messageId as MessageId };
  };
  const comment: Outgoing = { text: 'note', richText: '<p>note</p>', to: null };
  const failure = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'no error',
      (error) => error,
    );

  describe('reading', () => {
    it('gives the properties asked for of a contact and of a ticket, those with a value only', async () => {
      const contactId = simulator.createContact({ plan: 'pro', notes: 'owes us', city: '' });
      expect(await client.contactProperties(contactId, ['plan', 'city', 'no_such_property', 'lastname'])).toEqual({
        plan: 'pro',
      });
      expect(await client.contactProperties('1', ['plan'])).toBeNull();
      const ticketId = simulator.createTicket({ subject: 'Broken', tracking: 'Z-1' }) as TicketId;
      expect(await client.ticketProperties(ticketId, ['tracking', 'hs_ticket_priority'])).toEqual({ tracking: 'Z-1' });
      expect(await client.ticketProperties('1' as TicketId, ['tracking'])).toBeNull();
    });

    it('gives a message in our own words', async () => {
      const { threadId, messageId } = chat();
      expect(await client.message(threadId, messageId, WHOLE)).toMatchObject({
        id: messageId,
        kind: 'message',
        direction: 'incoming',
        channelId: '1000',
        text: 'Where is my order?',
        truncated: false,
        aiMarker: false,
        postKey: null,
      });
    });

    it('clips a long text, says so, and never cuts a character in half', async () => {
      const { threadId, messageId } = chat('1234567😀');
      expect(await client.message(threadId, messageId, 8)).toMatchObject({ text: '1234567', truncated: true });
    });

    it('reads every page of a history, empty ones with a cursor too, and sorts it by time', async () => {
      simulator.behaviour.newestFirst = true;
      simulator.behaviour.emptyFirstPage = true;
      const { threadId } = chat('1');
      for (let n = 2; n <= 230; n += 1) simulator.customerWrites({ threadId, text: String(n) });
      const { messages } = await client.conversation(threadId, WHOLE);
      expect(messages.map(({ text }) => text)).toEqual(Array.from({ length: 230 }, (_, n) => String(n + 1)));
    });

    describe('the newest messages of a long thread', () => {
      const LONG = 450;
      const NEWEST = { messages: 60 };
      const numbers = (from: number) => Array.from({ length: LONG - from + 1 }, (_, n) => String(from + n));
      const long = () => {
        const { threadId } = chat('1');
        for (let n = 2; n <= LONG; n += 1) simulator.customerWrites({ threadId, text: String(n) });
        return threadId;
      };
      const lists = () => simulator.calls.filter(({ path }) => /\/messages\?/.test(path)).length;

      it('are read alone, and that there are older ones is said', async () => {
        const threadId = long();
        const { messages, isPartial } = await client.conversation(threadId, WHOLE, NEWEST);
        expect(messages.map(({ text }) => text)).toEqual(numbers(LONG - 99));
        expect(isPartial).toBe(true);
        expect(lists()).toBe(1);
      });

      it('are read as far back as a moment', async () => {
        const threadId = long();
        const since = simulator.messages(threadId)[LONG - 250]?.createdAt ?? '';
        const messages = await client.messages(threadId, WHOLE, { ...NEWEST, since });
        expect(messages.map(({ text }) => text)).toEqual(numbers(LONG - 299));
        expect(lists()).toBe(3);
      });

      it.each<[string, { newestFirst: boolean; ignoreSort: boolean; isRefused?: true }, number]>([
        ['newest first, whatever is asked for', { newestFirst: true, ignoreSort: true }, 1],
        ['oldest first, whatever is asked for', { newestFirst: false, ignoreSort: true }, 5],
        ['newest first, and takes no order', { newestFirst: true, ignoreSort: true, isRefused: true }, 2],
        ['oldest first, and takes no order', { newestFirst: false, ignoreSort: true, isRefused: true }, 6],
      ])('are among what is read where HubSpot lists them %s', async (_, { isRefused, ...order }, calls) => {
        const threadId = long();
        Object.assign(simulator.behaviour, order);
        if (isRefused) simulator.faults.add({ kind: 'status', status: 400, match: { path: /sort=/ }, times: Infinity });
        const { messages, isPartial = false } = await client.conversation(threadId, WHOLE, NEWEST);
        expect(messages.map(({ text }) => text)).toEqual(numbers(isPartial ? LONG - 99 : 1));
        expect(lists()).toBe(calls);
        // What it has refused it is not asked for again.
        const before = lists();
        await client.messages(threadId, WHOLE, NEWEST);
        expect(lists() - before).toBe(isRefused ? calls - 1 : calls);
      });

      it('are all where the thread is short, also where its first page is empty', async () => {
        simulator.behaviour.emptyFirstPage = true;
        const { threadId } = chat('1');
        const { messages, ...rest } = await client.conversation(threadId, WHOLE, NEWEST);
        expect(messages.map(({ text }) => text)).toEqual(['1']);
        expect(rest).not.toHaveProperty('isPartial');
      });
    });

    it('leaves out what has no words', async () => {
      const { threadId } = chat();
      simulator.assign(threadId, AGENT_ID);
      simulator.agentComments(threadId, { actorId: AGENT_ID, text: 'mine' });
      simulator.closeThread(threadId);
      const { thread, messages } = await client.conversation(threadId, WHOLE);
      expect(messages.map(({ kind }) => kind)).toEqual(['message', 'comment']);
      expect(thread).toMatchObject({ assignedTo: AGENT_ID, status: 'CLOSED', spam: false, archived: false });
    });

    it('tells the ticket of a thread, and the threads of a ticket', async () => {
      const { threadId } = chat();
      const ticketId = simulator.createTicket() as TicketId;
      simulator.linkTicket(threadId, ticketId);
      expect((await client.conversation(threadId, WHOLE)).thread.ticketId).toBe(ticketId);
      expect(await client.ticketThreads(ticketId)).toEqual([threadId]);
    });

    it('sees that a thread is archived', async () => {
      const { threadId } = chat();
      simulator.archive(threadId);
      expect((await client.conversation(threadId, WHOLE)).thread.archived).toBe(true);
    });

    it('reads a truncated message from its original content', async () => {
      const { threadId, messageId } = simulator.customerWrites({
        channel: 'email',
        text: 'The whole mail',
        truncatedTo: 'The',
      });
      const ids = [threadId as ThreadId, messageId as MessageId] as const;
      expect(await client.message(...ids, WHOLE)).toMatchObject({ text: 'The', truncated: true });
      expect(await client.fullText(...ids, WHOLE)).toBe('The whole mail');
      simulator.faults.add({ kind: 'not-found', match: { path: /original-content/ } });
      expect(await client.fullText(...ids, WHOLE)).toBe('The');
    });
  });

  describe('own addresses', () => {
    const OWN = 'Support@Example.com';
    const ACCOUNTS = /channel-accounts/;
    const asked = () => simulator.calls.filter(({ path }) => ACCOUNTS.test(path)).length;
    const mail = (email: string, changes: Partial<Parameters<Simulator['customerWrites']>[0]> = {}) => {
      const { threadId, messageId } = simulator.customerWrites({ channel: 'email', text: 'Hi', email, ...changes });
      return [threadId as ThreadId, messageId as MessageId, WHOLE] as const;
    };
    const isOwn = async (written: readonly [ThreadId, MessageId, number]) =>
      (await client.message(...written))?.fromOwnAddress;

    it('are those of the channel accounts that have one', async () => {
      expect(await client.ownAddresses()).toEqual(new Set(['support@example.com']));
    });

    it('mark what came in from one of them, read alone or with its thread', async () => {
      const [threadId, messageId] = mail(OWN);
      expect(await isOwn([threadId, messageId, WHOLE])).toBe(true);
      simulator.customerWrites({ threadId, text: 'Thanks', email: 'kim@example.com', actorId: 'V-1' });
      const { messages } = await client.conversation(threadId, WHOLE);
      expect(messages.map(({ fromOwnAddress }) => fromOwnAddress)).toEqual([true, false]);
    });

    it('do not mark a customer’s mail that was forwarded from one', async () => {
      const party = (senderField: string, value: string) => ({
        senderField,
        deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS' as const, value },
      });
      const forwarded = { senders: [party('FROM', OWN), party('ORIGINAL_FROM', 'kim@example.com')] };
      expect(await isOwn(mail('kim@example.com', forwarded))).toBe(false);
    });

    it('are asked for once, and only for incoming mail', async () => {
      const { threadId, messageId } = chat();
      expect(await isOwn([threadId, messageId, WHOLE])).toBe(false);
      expect(await isOwn(mail(OWN, { direction: 'OUTGOING' }))).toBe(false);
      expect(asked()).toBe(0);
      const mails = [mail(OWN), mail('kim@example.com')];
      expect(await Promise.all(mails.map(isOwn))).toEqual([true, false]);
      expect(asked()).toBe(1);
    });

    it.each([400, 403, 404])('are none where HubSpot refuses to list them with %d', async (status) => {
      simulator.faults.add({ kind: 'status', status, match: { path: ACCOUNTS } });
      expect(await isOwn(mail(OWN))).toBe(false);
    });

    it.each([
      [401, HubSpotUnauthorized],
      [429, HubSpotRateLimited],
      [503, HubSpotUnavailable],
    ])('are asked for again after %d, which is no answer', async (status, type) => {
      simulator.faults.add({ kind: 'status', status, match: { path: ACCOUNTS } });
      const written = mail(OWN);
      expect(await failure(isOwn(written))).toBeInstanceOf(type);
      expect(await isOwn(written)).toBe(true);
    });
  });

  describe('the portal’s own people', () => {
    it('are its users, and who is at the domain of one of its mailboxes', async () => {
      simulator.addUser('A-77', 'Sam@Gmail.com');
      simulator.addMailbox('shop@help.example.net');
      simulator.addMailbox('shop@web.de');
      const { domains, users } = await client.ownPeople();
      expect(domains).toEqual(['example.com', 'example.net']);
      expect(users).toContain('sam@gmail.com');
    });

    it('are asked for once', async () => {
      await client.ownPeople();
      await client.ownPeople();
      expect(simulator.calls.filter(({ path }) => path.includes('owners'))).toHaveLength(1);
    });

    it.each([400, 403, 404])('are no users where HubSpot refuses to list them with %d', async (status) => {
      simulator.faults.add({ kind: 'status', status, match: { route: 'listOwners' } });
      expect(await client.ownPeople()).toEqual({ domains: ['example.com'], users: [] });
    });

    it('are asked for again after an answer that was none', async () => {
      simulator.faults.add({ kind: 'status', status: 503, match: { route: 'listOwners' } });
      expect(await failure(client.ownPeople())).toBeInstanceOf(HubSpotUnavailable);
      expect((await client.ownPeople()).users).toHaveLength(1);
    });
  });

  describe('where an email came to', () => {
    const SUPPORT = 'Support@Example.com';
    const party = (recipientField: string | undefined, value: string, name?: string) => ({
      ...(recipientField === undefined ? {} : { recipientField }),
      ...(name === undefined ? {} : { name }),
      deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS' as const, value },
    });
    const routeOf = async (
      recipients: NonNullable<CustomerMessage['recipients']>,
      rest: Partial<CustomerMessage> = {},
    ) => {
      const mail = { channel: 'email', text: 'Hi', email: 'kim@example.com', recipients, ...rest } as const;
      const { threadId, messageId } = simulator.customerWrites(mail);
      return (await client.message(threadId as ThreadId, messageId as MessageId, WHOLE))?.mail;
    };
    const copy = (value: string, name: string | null = null) => ({
      actorId: null,
      name,
      field: 'CC',
      address: { type: 'HS_EMAIL_ADDRESS', value },
    });

    it('adds the channel account’s address, and everybody else’s but our own and the sender’s, once', async () => {
      const recipients = [
        party('TO', SUPPORT),
        party('TO', 'Sam@Example.org', 'Sam'),
        party('CC', 'KIM@example.com'),
        party('CC', 'sam@example.org'),
        party(undefined, 'alex@example.org'),
        party('BCC', 'hidden@example.org'),
        { recipientField: 'CC', deliveryIdentifier: { type: 'HS_PHONE_NUMBER' as const, value: '+15550100' } },
      ];
      expect(await routeOf(recipients)).toEqual({
        to: 'support@example.com',
        others: [copy('sam@example.org', 'Sam'), copy('alex@example.org')],
      });
    });

    it.each([
      ['support+orders@example.com'],
      ['SUPPORT+a+b@Example.com'],
      ['62515@bcc.hubspot.com'],
      ['62515@bcc-eu1.hubspot.com'],
      ['62515@forward.hubspot.com'],
      ['62515@bcc.eu1.hubspot.com'],
      ['support@example-shop.hs-inbox.com'],
      ['support@62515.hs-inbox-eu1.com'],
      ['support@example-shop.hubspot-inbox.com'],
    ])('is never %s, which leads back to the portal', async (address) => {
      expect((await routeOf([party('TO', SUPPORT), party('CC', address)]))?.others).toEqual([]);
    });

    it.each(['kim.support@example.com', 'sam+support@example.org', 'sam@hubspot.com', 'sam@myhubspot.com'])(
      'is %s, which is somebody else’s',
      async (address) => {
        expect((await routeOf([party('TO', SUPPORT), party('CC', address)]))?.others).toEqual([copy(address)]);
      },
    );

    it.each([
      ['twenty', 20, 20],
      ['more than twenty', 21, 0],
    ])('tells of %s others', async (_, sent, copied) => {
      const others = Array.from({ length: sent }, (_, index) => party('CC', `p${index}@example.org`));
      expect((await routeOf([party('TO', SUPPORT), ...others]))?.others).toHaveLength(copied);
    });

    it('adds nobody where HubSpot doesn’t say which addresses are our own', async () => {
      simulator.faults.add({ kind: 'status', status: 403, match: { path: /channel-accounts/ } });
      expect(await routeOf([party('TO', SUPPORT), party('CC', 'sam@example.org')])).toEqual({ to: null, others: [] });
    });

    it('adds nobody to an outgoing mail, a chat, or a whole thread', async () => {
      expect(await routeOf([party('TO', SUPPORT)], { direction: 'OUTGOING' })).toBeUndefined();
      const { threadId, messageId } = chat();
      expect(await client.message(threadId, messageId, WHOLE)).not.toHaveProperty('mail');
      const mail = simulator.customerWrites({ channel: 'email', text: 'Hi' });
      const { messages } = await client.conversation(mail.threadId as ThreadId, WHOLE);
      expect(messages[0]).not.toHaveProperty('mail');
    });
  });

  describe('writing', () => {
    it('leaves a comment, which HubSpot signs with the app', async () => {
      const { threadId } = chat();
      const id = await client.post(threadId, comment);
      expect(simulator.messages(threadId).at(-1)).toMatchObject({ id, type: 'COMMENT', text: 'note' });
    });

    it('assigns a thread that nobody owns', async () => {
      const { threadId } = chat();
      simulator.assign(threadId, null);
      expect(await client.assignThread(threadId, [null], AI_ACTOR_ID as ActorId)).toBe('assigned');
      expect(simulator.thread(threadId).assignedTo).toBe(AI_ACTOR_ID);
      expect(await client.assignThread(threadId, [null], AI_ACTOR_ID as ActorId)).toBe('assigned');
    });

    it('takes no thread away from an agent', async () => {
      const { threadId } = chat();
      simulator.assign(threadId, AGENT_ID);
      expect(await client.assignThread(threadId, [null], AI_ACTOR_ID as ActorId)).toBe('owned');
      expect(simulator.thread(threadId).assignedTo).toBe(AGENT_ID);
    });

    it('knows that some portals offer no assignment', async () => {
      const { threadId } = chat();
      simulator.assign(threadId, null);
      simulator.faults.add({ kind: 'status', status: 405, match: { method: 'PUT' } });
      expect(await client.assignThread(threadId, [null], AI_ACTOR_ID as ActorId)).toBe('unavailable');
    });
  });

  describe('failing', () => {
    it.each([
      [{ kind: 'rate-limit', retryAfter: 3 }, HubSpotRateLimited, 3_000],
      [{ kind: 'rate-limit', policy: 'TEN_SECONDLY_ROLLING' }, HubSpotRateLimited, 10_000],
      [{ kind: 'rate-limit', policy: 'SECONDLY' }, HubSpotRateLimited, 1_000],
      [{ kind: 'rate-limit', retryAfter: 'junk' }, HubSpotRateLimited, 10_000],
      [{ kind: 'status', status: 423 }, HubSpotUnavailable, 2_000],
      [{ kind: 'status', status: 477, retryAfter: 86_400 }, HubSpotUnavailable, 3_600_000],
      [{ kind: 'status', status: 503 }, HubSpotUnavailable, undefined],
      [{ kind: 'status', status: 504 }, HubSpotUnavailable, undefined],
      // Its content network's own.
      [{ kind: 'status', status: 521 }, HubSpotUnavailable, undefined],
      [{ kind: 'status', status: 524 }, HubSpotUnavailable, undefined],
      [{ kind: 'html' }, HubSpotUnavailable, undefined],
      [{ kind: 'html', status: 200 }, HubSpotUnavailable, undefined],
      [{ kind: 'reset-before' }, HubSpotUnavailable, undefined],
      [{ kind: 'status', status: 401 }, HubSpotUnauthorized, undefined],
      [{ kind: 'status', status: 403 }, HubSpotUnauthorized, undefined],
      [{ kind: 'status', status: 400 }, HubSpotRefused, undefined],
    ] as const)('a read that meets %j', async (fault, type, retryAfterMs) => {
      const { threadId, messageId } = chat();
      simulator.faults.add(fault);
      const error = await failure(client.message(threadId, messageId, WHOLE));
      expect(error).toBeInstanceOf(type);
      expect((error as { retryAfterMs?: number }).retryAfterMs).toBe(retryAfterMs);
      expect(simulator.calls).toHaveLength(1);
    });

    it('waits for the portal’s budget before each call, and has the budget hear of refusals and of HubSpot’s limit', async () => {
      const { threadId, messageId } = chat();
      const heard: unknown[] = [];
      const budget = {
        take: async () => void heard.push('take', simulator.calls.length),
        refused: (forMs: number) => void heard.push('refused', forMs),
        learn: (calls: number, withinMs: number) => void heard.push('limit', calls, withinMs),
      };
      const counted = clientOf({ budget });
      await counted.message(threadId, messageId, WHOLE);
      expect(heard.splice(0)).toEqual(['take', 0]);
      const before = simulator.calls.length;
      simulator.faults.add({ kind: 'rate-limit', retryAfter: 3 });
      await failure(counted.message(threadId, messageId, WHOLE));
      expect(heard.splice(0)).toEqual(['take', before, 'limit', 190, 10_000, 'refused', 3_000]);
      // Nobody knows when: a call each minute finds out.
      simulator.faults.add({ kind: 'rate-limit', policy: 'DAILY' });
      const error = await failure(counted.message(threadId, messageId, WHOLE));
      expect((error as HubSpotRateLimited).retryAfterMs).toBe(15 * 60_000);
      expect(heard.slice(-2)).toEqual(['refused', 60_000]);
      const spent = new HubSpotRateLimited('later', 5_000);
      const calls = simulator.calls.length;
      const refusing = clientOf({ budget: { ...budget, take: () => Promise.reject(spent) } });
      expect(await failure(refusing.message(threadId, messageId, WHOLE))).toBe(spent);
      expect(simulator.calls).toHaveLength(calls);
    });

    it('tells the status of every answer, and of every call that has none', async () => {
      const { threadId, messageId } = chat();
      const told: (number | 'none')[] = [];
      const counted = clientOf({ onAnswer: (status) => told.push(status) });
      for (const kind of ['rate-limit', 'reset-before'] as const) {
        simulator.faults.add({ kind });
        await failure(counted.message(threadId, messageId, WHOLE));
      }
      await counted.message(threadId, messageId, WHOLE);
      expect(told).toEqual([429, 'none', 200]);
    });

    it.each([
      [{ kind: 'status', status: 500 }],
      [{ kind: 'commit-then-fail' }],
      [{ kind: 'reset-after' }],
      [{ kind: 'half-written' }],
      [{ kind: 'html', status: 201 }],
    ] as const)('a POST that meets %j has an unknown fate', async (fault) => {
      const { threadId } = chat();
      simulator.faults.add(fault);
      expect(await failure(client.post(threadId, comment))).toBeInstanceOf(DeliveryUnknown);
    });

    it.each([
      [{ kind: 'rate-limit' }, HubSpotRateLimited],
      [{ kind: 'status', status: 423 }, HubSpotUnavailable],
      [{ kind: 'status', status: 477 }, HubSpotUnavailable],
    ] as const)('a POST that meets %j was refused before it took effect', async (fault, type) => {
      const { threadId } = chat();
      simulator.faults.add(fault);
      expect(await failure(client.post(threadId, comment))).toBeInstanceOf(type);
      expect(simulator.ledger).toEqual([]);
    });

    it('takes a redirected POST for one of unknown fate: its answer is about another call', async () => {
      const { threadId } = chat();
      const location = simulator.url + pathIn(apiVersion, '/conversations/v3/conversations/threads');
      simulator.faults.add({ kind: 'redirect', location, match: { method: 'POST' } });
      expect(await failure(client.post(threadId, comment))).toBeInstanceOf(DeliveryUnknown);
    });

    it('shows its token to no other host, and believes none', async () => {
      const seen: IncomingHttpHeaders[] = [];
      const stranger = createServer((request, response) => {
        seen.push(request.headers);
        response.setHeader('content-type', 'application/json').end('{}');
      }).listen(0, '127.0.0.1');
      await once(stranger, 'listening');
      const { threadId, messageId } = chat();
      const location = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/latest/meta-data`;
      simulator.faults.add({ kind: 'redirect', location, times: 2 });
      expect(await failure(client.message(threadId, messageId, WHOLE))).toBeInstanceOf(HubSpotUnavailable);
      expect(await failure(client.post(threadId, comment))).toBeInstanceOf(DeliveryUnknown);
      expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
      stranger.closeAllConnections();
      stranger.close();
    });

    it.each([{}, [], 'ok', { status: 'error', message: 'Try again' }, { id: null, results: null, properties: null }])(
      'takes an answer without what was asked for, whatever its status, for none: %j',
      async (odd) => {
        const { threadId, messageId } = chat();
        const ticketId = simulator.createTicket();
        const reads: [string, () => Promise<unknown>][] = [
          ['a message', () => client.message(threadId, messageId, WHOLE)],
          ['a list of messages', () => client.messages(threadId, WHOLE)],
          ['an owner', () => client.assignThread(threadId, [null], AI_ACTOR_ID as ActorId)],
          ['a list of threads', () => client.threadsWithMessagesAfter('2020-01-01T00:00:00Z')],
          ['a ticket', () => client.ticketProperties(ticketId as TicketId, ['subject'])],
        ];
        for (const [what, read] of reads) {
          simulator.faults.add({ kind: 'rewrite', rewrite: () => odd });
          expect([what, await failure(read())]).toEqual([what, expect.any(HubSpotUnavailable)]);
        }
        simulator.faults.add({ kind: 'rewrite', rewrite: () => odd, match: { route: 'getThread' } });
        expect(await failure(client.conversation(threadId, WHOLE))).toBeInstanceOf(HubSpotUnavailable);
      },
    );

    it('takes a POST without an id in its answer for one of unknown fate', async () => {
      const { threadId } = chat();
      simulator.faults.add({ kind: 'rewrite', rewrite: () => ({}), match: { method: 'POST' } });
      expect(await failure(client.post(threadId, comment))).toBeInstanceOf(DeliveryUnknown);
    });

    it('never waits longer than its deadline for a silent HubSpot', async () => {
      const { threadId, messageId } = chat();
      const hurried = clientOf({ timeoutMs: 50 });
      simulator.faults.add({ kind: 'hang', times: 2 });
      expect(await failure(hurried.message(threadId, messageId, WHOLE))).toBeInstanceOf(HubSpotUnavailable);
      expect(await failure(hurried.post(threadId, comment))).toBeInstanceOf(DeliveryUnknown);
    });

    it('knows that a refused connection took no effect', async () => {
      const { threadId } = chat();
      const nowhere = clientOf({ apiUrl: `http://127.0.0.1:${await freePort()}` });
      expect(await failure(nowhere.post(threadId, comment))).toBeInstanceOf(HubSpotUnavailable);
    });

    it('says which thread or token is wrong by type, with HubSpot’s category and correlation id', async () => {
      expect(await failure(client.conversation('404404' as ThreadId, WHOLE))).toBeInstanceOf(HubSpotNotFound);
      const { threadId } = chat();
      const error = await failure(clientOf({ accessToken: 'pat-wrong' }).conversation(threadId, WHOLE));
      expect(error).toBeInstanceOf(HubSpotUnauthorized);
      expect((error as Error).message).toMatch(/401.*INVALID_AUTHENTICATION.*correlationId/);
      expect((error as Error).message).not.toContain('pat-wrong');
    });

    it('surfaces the reasons that HubSpot hides in errors[], without values', async () => {
      const { threadId } = chat();
      const to = {
        channelId: '1000',
        channelAccountId: '211840567',
        senderActorId: 'V-1' as ActorId,
        recipient: {
          actorId: 'V-2' as ActorId,
          name: null,
          field: null,
          address: { type: 'HS_EMAIL_ADDRESS', value: 'kim@example.com' },
        },
        subject: null,
      };
      const error = await failure(client.post(threadId, { ...comment, to }));
      expect(error).toBeInstanceOf(HubSpotRefused);
      expect((error as Error).message).toMatch(/400.*UNSUPPORTED_ACTOR_TYPE/);
      expect((error as Error).message).not.toContain('kim@example.com');
    });
  });

  describe('trying its rights', () => {
    it('succeeds on a portal without a thread, and writes nothing', async () => {
      await client.tryReading();
      await client.tryWriting();
      expect(simulator.ledger).toEqual([]);
    });

    it('fails where HubSpot refuses', async () => {
      simulator.faults.add({ kind: 'status', status: 403, times: 2 });
      expect(await failure(client.tryReading())).toBeInstanceOf(HubSpotUnauthorized);
      expect(await failure(client.tryWriting())).toBeInstanceOf(HubSpotUnauthorized);
    });

    it('fails where HubSpot is away', async () => {
      simulator.faults.add({ kind: 'status', status: 503 });
      expect(await failure(client.tryWriting())).toBeInstanceOf(HubSpotUnavailable);
    });
  });
});
