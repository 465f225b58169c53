import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContactId, MessageId, PortalId, ThreadId, TicketId } from '../../src/hubspot/ids.ts';
import type { SessionMode, SessionStore, Silence } from '../../src/sessions/store.ts';
import { describeOutcomeStore } from './outcome-store-contract.ts';
import { describeRatingStore } from './rating-store-contract.ts';
import { describeReplyAdmissions } from './reply-admissions-contract.ts';
import { describeShadowStore } from './shadow-store-contract.ts';
import { describeUsageStore } from './usage-store-contract.ts';

export const portal = '62515' as PortalId;
const otherPortal = '62516' as PortalId;
const message = (name: string) => name as MessageId;
const ticket = (id: number) => String(id) as TicketId;

let threads = 0;
/** A thread that no other test uses. */
export const newThread = (): ThreadId => {
  threads += 1;
  return String(6_065_362_089 + threads) as ThreadId;
};

const unknownContact = { contactId: null, ticketId: null, channelId: null };

/** What every session store promises, whatever it stands on. */
export const describeSessionStore = (name: string, openStore: () => Promise<SessionStore>): void => {
  describe(`a session store on ${name}`, () => {
    let store: SessionStore;

    beforeAll(async () => {
      store = await openStore();
    });

    afterAll(async () => {
      await store.close();
    });

    const open = (threadId: ThreadId, known = {}) =>
      store.open({ portalId: portal, threadId, ...unknownContact, ...known });
    const set = (threadId: ThreadId, property: string, value: string, occurredAt: number) =>
      store.setCustomData(portal, threadId, { name: property, value, occurredAt });

    it('opens a session that knows nothing yet', async () => {
      const threadId = newThread();
      expect(await open(threadId)).toEqual({
        portalId: portal,
        threadId,
        contactId: null,
        ticketId: null,
        channelId: null,
        aiSessionId: null,
        customData: {},
        turns: 0,
        mode: 'ai',
        silenced: null,
        askedBefore: null,
      });
    });

    it('finds the same session again and brings it up to date', async () => {
      const threadId = newThread();
      await open(threadId, { contactId: '101', channelId: '1000' });
      const again = await open(threadId, { contactId: '102', ticketId: '7', channelId: '1002' });
      expect(again).toMatchObject({ contactId: '102', ticketId: '7', channelId: '1002' });
    });

    it('never forgets what it knows because a later look knew less', async () => {
      const threadId = newThread();
      const known = { contactId: '101', ticketId: '7', channelId: '1000' };
      await open(threadId, known);
      expect(await open(threadId)).toMatchObject(known);
    });

    it('keeps the sessions of two portals apart though their threads share an id', async () => {
      const threadId = newThread();
      await open(threadId, { contactId: '101' });
      const other = await store.open({ portalId: otherPortal, threadId, ...unknownContact });
      expect(other.contactId).toBeNull();
    });

    it('keeps ids that a JavaScript number could not', async () => {
      const threadId = '9223372036854775807' as ThreadId;
      const { portalId } = await store.open({
        portalId: '18446744073709551615' as PortalId,
        threadId,
        ...unknownContact,
      });
      await store.linkTicket(portalId, '9007199254740993' as TicketId, [threadId]);
      expect(await store.findByTicket(portalId, '9007199254740993' as TicketId)).toEqual([threadId]);
    });

    it('makes one session of twenty that open at once', async () => {
      const threadId = newThread();
      const ticketId = ticket(7_000);
      const opened = await Promise.all(
        Array.from({ length: 20 }, (_, index) => open(threadId, index % 2 === 0 ? { ticketId } : { contactId: '101' })),
      );
      expect(opened).toHaveLength(20);
      expect(await store.findByTicket(portal, ticketId)).toEqual([threadId]);
      expect(await open(threadId)).toMatchObject({ ticketId, contactId: '101' });
    });

    it("remembers the AI's own session, the latest one, and before anything else is known of the thread", async () => {
      const threadId = newThread();
      await store.rememberAiSession(portal, threadId, 'first');
      await store.rememberAiSession(portal, threadId, 'second');
      expect(await open(threadId, { contactId: '101' })).toMatchObject({ aiSessionId: 'second', contactId: '101' });
    });

    it('records a turn once, and what was posted first stands', async () => {
      const threadId = newThread();
      await open(threadId);
      const answeredMessageIds = [message('a'), message('b')];
      const turn = { portalId: portal, threadId, answeredMessageIds, workflowId: 'run' };
      await store.recordTurn({ ...turn, outcome: 'replied', postedMessageId: message('p1') });
      await store.recordTurn({ ...turn, outcome: 'replied', postedMessageId: message('p1') });
      await store.recordTurn({ ...turn, outcome: 'handed-off', postedMessageId: message('p2') });
      expect(await store.recentTurns(portal, threadId)).toEqual([
        { outcome: 'replied', postedMessageId: 'p1', answeredMessageId: 'b' },
      ]);
      expect((await open(threadId)).turns).toBe(1);
    });

    it('knows a turn by the last message that it answered, on its own thread only', async () => {
      const threadId = newThread();
      await store.recordTurn({
        portalId: portal,
        threadId,
        answeredMessageIds: [message('a'), message('b')],
        outcome: 'drafted',
        postedMessageId: message('p1'),
        workflowId: 'run',
      });
      expect(await store.recentTurns(portal, threadId)).toEqual([
        { outcome: 'drafted', postedMessageId: 'p1', answeredMessageId: 'b' },
      ]);
      expect(await store.recentTurns(portal, newThread())).toEqual([]);
      expect(await store.recentTurns(otherPortal, threadId)).toEqual([]);
    });

    it('gives the newest turns first, and not all of a long thread', async () => {
      const threadId = newThread();
      for (let n = 1; n <= 52; n += 1) {
        await store.recordTurn({
          portalId: portal,
          threadId,
          answeredMessageIds: [message(`m${n}`)],
          outcome: 'replied',
          postedMessageId: message(`p${n}`),
          workflowId: 'run',
        });
      }
      const turns = await store.recentTurns(portal, threadId);
      expect(turns).toHaveLength(50);
      // Neighbours may share a millisecond.
      const half = turns.slice(0, 25).map(({ answeredMessageId }) => Number(answeredMessageId.slice(1)));
      expect(Math.max(...half)).toBe(52);
      expect(Math.min(...half)).toBeGreaterThan(20);
    });

    it('tells the AI the newest properties, and of a long value its beginning', async () => {
      const threadId = newThread();
      await open(threadId);
      for (let n = 1; n <= 52; n += 1) {
        await store.setCustomData(portal, threadId, { name: `p${n}`, value: 'v'.repeat(5_000), occurredAt: n });
      }
      const { customData } = await open(threadId);
      expect(Object.keys(customData)).toHaveLength(50);
      expect(customData).not.toHaveProperty('p2');
      expect(customData.p52).toBe('v'.repeat(4_000));
    });

    const note = (threadId: ThreadId, mode: SessionMode, at: number) =>
      store.noteMode({ portalId: portal, threadId, mode, at });
    const ask = (threadId: ThreadId, workflowId: string, at: number) => open(threadId, { asking: { workflowId, at } });

    it('names the run that asks the AI to whoever takes over, until that run has answered', async () => {
      const threadId = newThread();
      await ask(threadId, 'run-1', 10);
      expect(await note(threadId, 'human', 20)).toBe('run-1');
      await ask(threadId, 'run-2', 30);
      expect(await note(threadId, 'human', 40)).toBe('run-2');
      const turn = { portalId: portal, threadId, answeredMessageIds: [message('a')], postedMessageId: message('p') };
      await store.recordTurn({ ...turn, outcome: 'replied', workflowId: 'run-1' });
      expect(await note(threadId, 'human', 41)).toBe('run-2');
      await store.recordTurn({ ...turn, outcome: 'replied', workflowId: 'run-2' });
      expect(await note(threadId, 'human', 42)).toBeNull();
      expect(await note(newThread(), 'human', 1)).toBeNull();
    });

    it('knows who speaks by what happened last, whatever the order of arrival', async () => {
      const threadId = newThread();
      await ask(threadId, 'run', 10);
      await note(threadId, 'human', 30);
      await note(threadId, 'nobody', 20);
      expect((await ask(threadId, 'run', 25)).mode).toBe('human');
      expect((await open(threadId)).mode).toBe('human');
      expect((await ask(threadId, 'run', 31)).mode).toBe('ai');
      await note(threadId, 'nobody', 32);
      expect((await open(threadId)).mode).toBe('nobody');
    });

    const silence = (threadId: ThreadId, why: Silence, at: number, until?: number) =>
      store.silence({ portalId: portal, threadId, why, at, ...(until === undefined ? {} : { until }) });
    const giveBack = (threadId: ThreadId, at: number) => store.giveBack({ portalId: portal, threadId, at });

    it('keeps the AI silent on a thread, also one that it has never seen, until that is taken back', async () => {
      const threadId = newThread();
      expect(await silence(threadId, 'paused', 10)).toBeNull();
      expect((await ask(threadId, 'run', 5)).silenced).toBe('paused');
      expect(await silence(threadId, 'handed-off', 20)).toBe('run');
      expect((await ask(threadId, 'run', 30)).silenced).toBe('handed-off');
      expect(await giveBack(threadId, 40)).toBe('run');
      expect((await ask(threadId, 'run', 30)).silenced).toBeNull();
      expect((await open(newThread())).silenced).toBeNull();
    });

    it('goes by what was said last of a silence, whatever the order of arrival', async () => {
      const threadId = newThread();
      await silence(threadId, 'paused', 20, 100);
      await giveBack(threadId, 19);
      await silence(threadId, 'handed-off', 18);
      expect((await ask(threadId, 'run', 30)).silenced).toBe('paused');
      await giveBack(threadId, 40);
      await silence(threadId, 'handed-off', 39);
      expect((await open(threadId)).silenced).toBeNull();
      await silence(threadId, 'handed-off', 41);
      expect((await open(threadId)).silenced).toBe('handed-off');
      expect(await giveBack(newThread(), 1)).toBeNull();
    });

    it('ends a silence for the messages that come after its time', async () => {
      const threadId = newThread();
      await silence(threadId, 'paused', 10, 100);
      expect((await ask(threadId, 'run', 99)).silenced).toBe('paused');
      expect((await ask(threadId, 'run', 100)).silenced).toBeNull();
      await silence(threadId, 'paused', 110);
      expect((await ask(threadId, 'run', 9_999)).silenced).toBe('paused');
    });

    it('ends a silence when the thread becomes the AI’s again, and only an older one', async () => {
      const threadId = newThread();
      await silence(threadId, 'handed-off', 10);
      await note(threadId, 'human', 11);
      await note(threadId, 'ai', 10);
      expect((await open(threadId)).silenced).toBe('handed-off');
      await note(threadId, 'ai', 12);
      expect((await open(threadId)).silenced).toBeNull();
      await silence(threadId, 'paused', 11);
      expect((await open(threadId)).silenced).toBeNull();
    });

    it('names the run that asked before to the next one, also when it asks again, unless that one has answered', async () => {
      const threadId = newThread();
      expect((await ask(threadId, 'run-1', 10)).askedBefore).toBeNull();
      expect((await ask(threadId, 'run-1', 10)).askedBefore).toBeNull();
      expect((await ask(threadId, 'run-2', 20)).askedBefore).toBe('run-1');
      expect((await ask(threadId, 'run-2', 20)).askedBefore).toBe('run-1');
      expect((await open(threadId)).askedBefore).toBe('run-1');
      const turn = { portalId: portal, threadId, answeredMessageIds: [message('a')], postedMessageId: message('p') };
      await store.recordTurn({ ...turn, outcome: 'replied', workflowId: 'run-2' });
      expect((await ask(threadId, 'run-3', 30)).askedBefore).toBeNull();
    });

    it('tells how a thread stands, and changes nothing', async () => {
      const threadId = newThread();
      expect(await store.threadState(portal, threadId, 1)).toEqual({ asking: null, silenced: null });
      await ask(threadId, 'run-1', 10);
      await silence(threadId, 'paused', 20, 100);
      expect(await store.threadState(portal, threadId, 99)).toEqual({ asking: 'run-1', silenced: 'paused' });
      expect(await store.threadState(portal, threadId, 100)).toEqual({ asking: 'run-1', silenced: null });
    });

    it('refuses a turn that answers nothing', async () => {
      const turn = { portalId: portal, threadId: newThread(), answeredMessageIds: [], postedMessageId: message('p1') };
      await expect(store.recordTurn({ ...turn, outcome: 'replied', workflowId: 'run' })).rejects.toThrow(
        'answeredMessageIds is empty',
      );
    });

    it('counts a turn for each message answered', async () => {
      const threadId = newThread();
      for (const name of ['a', 'b', 'c']) {
        await store.recordTurn({
          portalId: portal,
          threadId,
          answeredMessageIds: [message(name)],
          outcome: 'replied',
          postedMessageId: message(`p-${name}`),
          workflowId: 'run',
        });
      }
      expect((await open(threadId)).turns).toBe(3);
    });

    it('finds the threads of a ticket, in one portal', async () => {
      const ticketId = ticket(8_000);
      const [first, second] = [newThread(), newThread()];
      await open(second, { ticketId });
      await open(first, { ticketId });
      await store.open({ portalId: otherPortal, threadId: newThread(), ...unknownContact, ticketId });
      expect(await store.findByTicket(portal, ticketId)).toEqual([first, second]);
      expect(await store.findByTicket(portal, ticket(8_001))).toEqual([]);
    });

    it('links a ticket to the sessions that exist and says which those are', async () => {
      const ticketId = ticket(9_000);
      const [known, unknown] = [newThread(), newThread()];
      await open(known);
      expect(await store.linkTicket(portal, ticketId, [unknown, known])).toEqual([known]);
      expect(await store.findByTicket(portal, ticketId)).toEqual([known]);
      expect(await store.linkTicket(portal, ticketId, [])).toEqual([]);
    });

    it('sets a property and gives it back with the session', async () => {
      const threadId = newThread();
      await open(threadId);
      expect(await set(threadId, 'priority', 'HIGH', 1_763_900_000_000)).toBe(true);
      expect(await set(threadId, '__proto__', 'odd', 1_763_900_000_000)).toBe(true);
      const { customData } = await open(threadId);
      expect(Object.entries(customData).sort()).toEqual([
        ['__proto__', 'odd'],
        ['priority', 'HIGH'],
      ]);
    });

    it('leaves the newer value alone when an older one arrives late, and says so', async () => {
      const threadId = newThread();
      await open(threadId);
      await set(threadId, 'priority', 'HIGH', 2_000);
      expect(await set(threadId, 'priority', 'LOW', 1_999)).toBe(false);
      expect((await open(threadId)).customData).toEqual({ priority: 'HIGH' });
    });

    it('takes the same value twice', async () => {
      const threadId = newThread();
      await open(threadId);
      expect(await set(threadId, 'priority', 'HIGH', 2_000)).toBe(true);
      expect(await set(threadId, 'priority', 'HIGH', 2_000)).toBe(true);
      expect((await open(threadId)).customData).toEqual({ priority: 'HIGH' });
    });

    it('says that a value does not stand where there is no session', async () => {
      const threadId = newThread();
      expect(await set(threadId, 'priority', 'HIGH', 2_000)).toBe(false);
      expect((await open(threadId)).customData).toEqual({});
    });

    it('stores what PostgreSQL itself could not: NUL and half a surrogate pair', async () => {
      const threadId = newThread();
      await open(threadId);
      expect(await set(threadId, 'note', 'a\0b\ud800c', 1)).toBe(true);
      expect((await open(threadId)).customData).toEqual({ note: 'ab\ufffdc' });
    });

    it('ends with the newest value of every property, whatever the order of arrival', async () => {
      const changes = fc.uniqueArray(
        fc.record({ name: fc.constantFrom('priority', 'stage'), value: fc.string(), occurredAt: fc.nat() }),
        { selector: ({ name, occurredAt }) => `${name}@${occurredAt}`, minLength: 1, maxLength: 12 },
      );
      await fc.assert(
        fc.asyncProperty(changes, fc.boolean(), async (arrivals, atOnce) => {
          const threadId = newThread();
          await open(threadId);
          const arrive = ({ name: property, value, occurredAt }: (typeof arrivals)[number]) =>
            set(threadId, property, value, occurredAt);
          if (atOnce) await Promise.all(arrivals.map(arrive));
          else for (const arrival of arrivals) await arrive(arrival);

          const newest = new Map<string, string>();
          for (const { name: property, value } of arrivals.toSorted((a, b) => a.occurredAt - b.occurredAt)) {
            newest.set(property, value.replaceAll('\0', ''));
          }
          expect((await open(threadId)).customData).toEqual(Object.fromEntries(newest));
        }),
        { numRuns: 30 },
      );
    });

    it('ends with the newest of twenty values that arrive at once', async () => {
      const threadId = newThread();
      await open(threadId);
      const times = Array.from({ length: 20 }, (_, index) => 1_000 + ((index * 7) % 20));
      await Promise.all(times.map((time) => set(threadId, 'priority', `at ${time}`, time)));
      expect((await open(threadId)).customData).toEqual({ priority: 'at 1019' });
    });

    describeUsageStore(() => store);
    describeReplyAdmissions(() => store);
    describeShadowStore(() => store);
    describeRatingStore(() => store);

    describeOutcomeStore(() => store);

    const fill = async (threadId: ThreadId, contactId: string): Promise<void> => {
      await open(threadId, { contactId });
      await set(threadId, 'priority', 'HIGH', 1);
      const turn = { answeredMessageIds: [message('m')], postedMessageId: message('p'), workflowId: 'w' };
      await store.recordTurn({ portalId: portal, threadId, outcome: 'replied', ...turn });
      const draft = { answeredMessageId: message('m'), askedAt: 1, action: 'reply', words: 'Hello' } as const;
      await store.keepShadowDraft({ portalId: portal, threadId, ...draft });
    };

    it('finds the threads of a contact, and forgets threads with all that is kept of them, and no others', async () => {
      const [one, two, kept] = [newThread(), newThread(), newThread()];
      await fill(one, '501');
      await fill(two, '501');
      await fill(kept, '502');
      const contact = (id: string) => store.findByContact(portal, id as ContactId);
      expect(await contact('501')).toEqual([one, two]);
      expect(await store.findByContact(otherPortal, '501' as ContactId)).toEqual([]);
      expect(await store.forget(otherPortal, [one])).toEqual({ sessions: 0, properties: 0, turns: 0, drafts: 0 });
      expect(await store.forget(portal, [one, two])).toEqual({ sessions: 2, properties: 2, turns: 2, drafts: 2 });
      expect(await store.forget(portal, [one, two])).toEqual({ sessions: 0, properties: 0, turns: 0, drafts: 0 });
      expect(await contact('501')).toEqual([]);
      expect(await store.recentTurns(portal, one)).toEqual([]);
      expect(await open(kept)).toMatchObject({ customData: { priority: 'HIGH' }, turns: 1 });
    });

    it('forgets threads without activity since a moment, a batch at a time', async () => {
      const [old, touched, young] = [newThread(), newThread(), newThread()];
      await fill(old, '503');
      await open(touched);
      await delay(20);
      const since = new Date();
      await delay(20);
      await open(touched, { contactId: '504' });
      await fill(young, '505');
      let batch: { sessions: number };
      do {
        batch = await store.forgetInactive(since, 3);
        expect(batch.sessions).toBeLessThanOrEqual(3);
      } while (batch.sessions > 0);
      expect(await store.findByContact(portal, '503' as ContactId)).toEqual([]);
      expect(await store.recentTurns(portal, old)).toEqual([]);
      expect(await store.findByContact(portal, '504' as ContactId)).toEqual([touched]);
      expect(await store.recentTurns(portal, young)).toHaveLength(1);
    });

    it('answers a ping, and neither after it is closed nor at a second close does it break', async () => {
      await store.ping();
      await store.close();
      await store.close();
      await expect(store.ping()).rejects.toThrow();
    });
  });
};
