import { describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { ConversationCount } from '../../src/sessions/outcomes.ts';
import type { SessionStore, Turn, TurnNotes } from '../../src/sessions/store.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const RETURNS = { title: 'Return an item', path: 'returns.md' };

let portals = 0;
let messages = 0;

interface Place {
  portalId: PortalId;
  threadId: ThreadId;
}
/** A portal that no other test uses, with the one thread that most tests need. */
const place = (): Place => {
  portals += 1;
  return { portalId: String(8_000_000 + portals) as PortalId, threadId: String(7_000_000 + portals) as ThreadId };
};

/** What every session store promises about outcomes. */
export const describeOutcomeStore = (opened: () => SessionStore): void => {
  describe('says what became of conversations:', () => {
    const newMessage = (): MessageId => {
      messages += 1;
      return `outcome-${messages}` as MessageId;
    };
    const look = (where: Place, at = Date.now(), channelId = '1000') =>
      opened().open({ ...where, contactId: null, ticketId: null, channelId, asking: { workflowId: `run-${at}`, at } });
    const record = async (
      where: Place,
      outcome: Turn['outcome'],
      { at = Date.now() - 2_000, ...rest }: { at?: number } & Partial<TurnNotes> = {},
    ): Promise<void> => {
      await look(where, at);
      const notes = { channel: 'live chat', askedAt: at, newestAt: at, sources: [], language: 'de-DE', ...rest };
      const id = newMessage();
      const turn = { answeredMessageIds: [id], postedMessageId: newMessage(), workflowId: `run-${at}` };
      await opened().recordTurn({ ...where, outcome, ...turn, notes });
    };
    const asked = (afterMs = 0) => ({
      since: Date.now() - 30 * DAY_MS,
      now: Date.now() + afterMs,
      resolvedAfterMs: DAY_MS,
    });
    const countsOf = async ({ portalId }: Place, afterMs = 2 * DAY_MS): Promise<ConversationCount[]> =>
      (await opened().conversationCounts(asked(afterMs))).filter((row) => row.portalId === portalId);
    const outcomesOf = async (where: Place, afterMs?: number) =>
      (await countsOf(where, afterMs)).map(({ outcome, reason, count }) => ({ outcome, reason, count }));
    const agentWrites = (where: Place, at: number) => opened().noteMode({ ...where, mode: 'human', at, wrote: true });

    it('resolved once the customer is silent for long enough, by day, channel and language', async () => {
      const where = place();
      await record(where, 'replied');
      expect(await outcomesOf(where, DAY_MS / 2)).toEqual([{ outcome: 'open', reason: null, count: 1 }]);
      expect(await countsOf(where)).toEqual([
        {
          day: new Date().toISOString().slice(0, 10),
          portalId: where.portalId,
          channel: 'live chat',
          language: 'de',
          outcome: 'resolved',
          reason: null,
          count: 1,
          reopened: 0,
        },
      ]);
    });

    it('one for turns that follow each other, another for what comes after it was resolved', async () => {
      const where = place();
      await record(where, 'replied');
      await record(where, 'replied', { at: Date.now() + HOUR_MS });
      expect(await outcomesOf(where)).toEqual([{ outcome: 'resolved', reason: null, count: 1 }]);
      await record(where, 'handed-off', { at: Date.now() + 2 * DAY_MS, cause: 'no-answer' });
      expect(await countsOf(where)).toMatchObject([
        { outcome: 'handed-off', reason: 'no-answer', count: 1 },
        { outcome: 'resolved', count: 1, reopened: 1 },
      ]);
    });

    it.each([
      ['asks for a person', { cause: 'asks-for-person' }, 'asks-for-person'],
      ['an earlier version noted nothing', {}, 'unknown'],
    ] as const)('handed off, and why: %s', async (_, notes, reason) => {
      const where = place();
      await record(where, 'replied');
      await record(where, 'handed-off', { ...notes, at: Date.now() + HOUR_MS });
      expect(await outcomesOf(where)).toEqual([{ outcome: 'handed-off', reason, count: 1 }]);
    });

    it('handed off where an agent wrote soon after the answer, but not where one did later', async () => {
      const [soon, late, only] = [place(), place(), place()];
      for (const where of [soon, late, only]) await record(where, 'replied');
      await agentWrites(soon, Date.now() + HOUR_MS);
      await agentWrites(late, Date.now() + 3 * DAY_MS);
      // A rule of HubSpot's gives threads to people who never look at them.
      await opened().noteMode({ ...only, mode: 'human', at: Date.now() + HOUR_MS });
      expect(await outcomesOf(soon)).toEqual([{ outcome: 'handed-off', reason: 'agent-took-over', count: 1 }]);
      expect(await outcomesOf(late)).toMatchObject([{ outcome: 'resolved' }]);
      expect(await outcomesOf(only)).toMatchObject([{ outcome: 'resolved' }]);
    });

    it('by the first that an agent wrote, however late it is noted, and though the AI speaks again', async () => {
      const where = place();
      const at = Date.now();
      await look(where, at);
      await agentWrites(where, at + HOUR_MS);
      await record(where, 'replied', { at });
      await agentWrites(where, at + 5 * DAY_MS);
      await opened().noteMode({ ...where, mode: 'ai', at: at + 6 * DAY_MS });
      expect(await outcomesOf(where)).toMatchObject([{ reason: 'agent-took-over' }]);
    });

    it('left with a question of the AI, drafted, or nothing posted', async () => {
      const [back, draft, shadow, none, again] = [place(), place(), place(), place(), place()];
      await record(back, 'replied', { asksBack: true });
      await record(draft, 'drafted');
      await agentWrites(draft, Date.now() + HOUR_MS);
      await look(shadow);
      const words = { answeredMessageId: newMessage(), askedAt: 1, action: 'reply', words: 'Hello' } as const;
      await opened().keepShadowDraft({ ...shadow, ...words });
      await look(none, Date.now(), '1002');
      await record(again, 'replied');
      await look(again, Date.now() + HOUR_MS);
      expect(await outcomesOf(back)).toMatchObject([{ outcome: 'asked-back' }]);
      expect(await outcomesOf(draft)).toMatchObject([{ outcome: 'drafted' }]);
      expect(await outcomesOf(shadow)).toMatchObject([{ outcome: 'shadow' }]);
      expect(await countsOf(none)).toMatchObject([{ outcome: 'skipped', channel: 'email', language: 'unknown' }]);
      expect(await outcomesOf(again)).toMatchObject([{ outcome: 'skipped' }]);
      expect(await outcomesOf(again, HOUR_MS)).toMatchObject([{ outcome: 'open' }]);
    });

    it('nothing of what agents do where nobody asked the AI', async () => {
      const where = place();
      await opened().silence({ ...where, why: 'paused', at: Date.now() });
      expect(await outcomesOf(where)).toEqual([]);
    });

    it('only those that began in the time asked for', async () => {
      const where = place();
      await record(where, 'replied');
      await look(place());
      const later = { ...asked(), since: Date.now() + HOUR_MS };
      expect(await opened().conversationCounts(later)).toEqual([]);
      expect(await opened().answerTimes(later)).toEqual({ answered: 0, medianMs: null });
    });

    it('how soon the first answer came, in the middle of all', async () => {
      const before = await opened().answerTimes(asked());
      for (let one = 0; one <= before.answered; one += 1) {
        await record(place(), 'replied', { at: Date.now() - 60_000 });
      }
      const { answered, medianMs } = await opened().answerTimes(asked());
      expect(answered).toBe(before.answered * 2 + 1);
      expect(medianMs).toBeGreaterThanOrEqual(60_000);
    });
  });

  describe('says who waits:', () => {
    const hour = Date.now() - HOUR_MS;
    const handOff = async (where: Place, { at = hour, silent = true } = {}): Promise<void> => {
      const asking = { workflowId: `run-${at}`, at };
      await opened().open({ ...where, contactId: null, ticketId: null, channelId: '1000', asking });
      if (silent) await opened().silence({ ...where, why: 'handed-off', at });
      messages += 1;
      const ids = { answeredMessageIds: [`w-${messages}` as MessageId], postedMessageId: 'p' as MessageId };
      const notes = { channel: 'email', askedAt: at - 5_000, newestAt: at, sources: [], cause: 'no-answer' as const };
      await opened().recordTurn({ ...where, outcome: 'handed-off', ...ids, workflowId: `run-${at}`, notes });
    };
    const waiting = async ({ portalId }: Place) =>
      (await opened().waitingCustomers(Date.now() - 7 * DAY_MS, 1_000)).longest.filter(
        (one) => one.portalId === portalId,
      );

    it.each([true, false])(
      'whom the AI handed off, silent after it or not (%s), until an agent writes',
      async (silent) => {
        const where = place();
        await handOff(where, { silent });
        expect(await waiting(where)).toEqual([{ ...where, channel: 'email', cause: 'no-answer', since: hour - 5_000 }]);
        // The handoff itself gives the thread to somebody.
        await opened().noteMode({ ...where, mode: 'human', at: hour + 1_000 });
        expect(await waiting(where)).toHaveLength(1);
        await opened().noteMode({ ...where, mode: 'human', at: hour + 2_000, wrote: true });
        expect(await waiting(where)).toEqual([]);
      },
    );

    it('whom an agent handed over, or a reply did not reach', async () => {
      const where = place();
      await opened().open({ ...where, contactId: null, ticketId: null, channelId: '1002' });
      await opened().silence({ ...where, why: 'handed-off', at: hour });
      expect(await waiting(where)).toEqual([{ ...where, channel: 'email', cause: null, since: hour }]);
    });

    it('nobody whose thread was given back, or paused by an agent, or is older than asked for', async () => {
      const [back, paused, old] = [place(), place(), place()];
      for (const where of [back, paused]) await handOff(where);
      await handOff(old, { at: Date.now() - 30 * DAY_MS });
      await opened().giveBack({ ...back, at: hour + 1_000 });
      await opened().silence({ ...paused, why: 'paused', at: hour + 1_000 });
      expect(await Promise.all([back, paused, old].map(waiting))).toEqual([[], [], []]);
    });

    it('how many, and those that wait longest', async () => {
      for (const at of [hour - 2_000, hour - 1_000]) await handOff(place(), { at });
      const { count, longest } = await opened().waitingCustomers(Date.now() - 7 * DAY_MS, 1);
      expect(count).toBeGreaterThan(1);
      expect(longest).toMatchObject([{ since: hour - 7_000 }]);
    });
  });

  describe('keeps what nobody could answer:', () => {
    const open = (where: Place) => opened().open({ ...where, contactId: null, ticketId: null, channelId: '1000' });
    const turn = async (where: Place, outcome: Turn['outcome'], notes: Partial<TurnNotes>): Promise<void> => {
      messages += 1;
      const ids = { answeredMessageIds: [`g-${messages}` as MessageId], postedMessageId: 'p' as MessageId };
      const at = Date.now();
      const all = { channel: 'live chat', askedAt: at, newestAt: at, sources: [], ...notes };
      await opened().recordTurn({ ...where, outcome, ...ids, workflowId: 'w', notes: all });
    };
    const gapsOf = async ({ portalId }: Place) =>
      (await opened().gaps(Date.now() - DAY_MS, 1_000)).filter((gap) => gap.portalId === portalId);
    const asks = {
      cause: 'no-answer',
      question: 'Do you\0 ship to Mars?',
      sources: [{ ...RETURNS, title: 'A\0\ud800' }],
    };

    it('the words, and the article that was nearest', async () => {
      const where = place();
      await open(where);
      await turn(where, 'handed-off', asks as Partial<TurnNotes>);
      await turn(where, 'handed-off', { cause: 'asks-for-person' });
      expect(await gapsOf(where)).toEqual([
        {
          ...where,
          at: expect.any(Number),
          language: null,
          cause: 'no-answer',
          question: 'Do you ship to Mars?',
          nearest: { title: 'A�', path: 'returns.md' },
        },
      ]);
    });

    it('until the thread is forgotten', async () => {
      const where = place();
      await open(where);
      await turn(where, 'handed-off', asks as Partial<TurnNotes>);
      await opened().forget(where.portalId, [where.threadId]);
      expect(await gapsOf(where)).toEqual([]);
    });

    it('and no words of a thread that was forgotten while the AI was at it', async () => {
      const where = place();
      await turn(where, 'handed-off', asks as Partial<TurnNotes>);
      expect(await gapsOf(where)).toMatchObject([{ question: '' }]);
    });

    it('beside the articles that answers were taken from, and how often an answer did not do', async () => {
      const [good, bad, worse] = [place(), place(), place()];
      const path = `article-${good.portalId}.md`;
      const sources = [{ title: 'Return an item', path }];
      for (const where of [good, bad, worse]) {
        await open(where);
        await turn(where, 'replied', { sources });
      }
      await turn(bad, 'handed-off', { cause: 'unclear', sources });
      await opened().noteMode({ ...worse, mode: 'human', at: Date.now() + HOUR_MS, wrote: true });
      const used = await opened().articleUses({ since: Date.now() - DAY_MS, resolvedAfterMs: DAY_MS }, 1_000);
      expect(used.filter((article) => article.path === path)).toEqual([
        { title: 'Return an item', path, uses: 3, failures: 2 },
      ]);
    });
  });
};
