import { describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { SessionStore } from '../../src/sessions/store.ts';

let portals = 0;

/** What every session store promises about ratings. */
export const describeRatingStore = (opened: () => SessionStore): void => {
  describe('keeps ratings:', () => {
    /** A portal that no other test uses. */
    const place = () => {
      portals += 1;
      return { portalId: String(9_500_000 + portals) as PortalId, threadId: String(9_600_000 + portals) as ThreadId };
    };
    const replied = async (where: ReturnType<typeof place>, id: string, outcome: 'replied' | 'drafted' = 'replied') => {
      await opened().open({ ...where, contactId: null, ticketId: null, channelId: '1000' });
      await opened().recordTurn({
        ...where,
        answeredMessageIds: [id as MessageId],
        outcome,
        postedMessageId: `p-${id}` as MessageId,
        workflowId: 'run',
        notes: { channel: 'live chat', askedAt: 1, newestAt: 1, sources: [], language: 'de' },
      });
    };
    const ask = (where: ReturnType<typeof place>, workflowId = 'csat-1', id = 'm1') =>
      opened().noteAsk({ ...where, answeredMessageId: id as MessageId, workflowId, channel: 'live chat' });
    const openAsk = ({ portalId, threadId }: ReturnType<typeof place>, at = Date.now()) =>
      opened().openAsk(portalId, threadId, at);

    it('knows the AI’s last answer to the customer, and no draft', async () => {
      const where = place();
      expect(await opened().lastReply(where.portalId, where.threadId)).toBeNull();
      await replied(where, 'm1');
      await replied(where, 'm2', 'drafted');
      const last = await opened().lastReply(where.portalId, where.threadId);
      expect(last).toEqual({ answeredMessageId: 'm1', language: 'de', at: expect.any(Number) });
      expect(Math.abs((last?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    it('lets one run ask about one answer, however often that run says so', async () => {
      const where = place();
      expect([await ask(where), await ask(where), await ask(where, 'csat-2')]).toEqual([true, true, false]);
      expect(await ask(where, 'csat-2', 'm2')).toBe(true);
      await opened().withdrawAsk({ ...where, workflowId: 'csat-1' });
      expect(await ask(where, 'csat-3')).toBe(true);
    });

    it('knows which run an answer on the thread is for, until somebody has written to the customer', async () => {
      const where = place();
      await replied(where, 'm1');
      expect(await openAsk(where)).toBeNull();
      await ask(where);
      expect(await openAsk(where)).toBe('csat-1');
      expect(await openAsk(where, Date.now() - 5 * 60_000)).toBeNull();
      await replied(where, 'm2');
      expect(await openAsk(where)).toBeNull();
      const other = place();
      await replied(other, 'm1');
      await ask(other);
      await opened().noteMode({ ...other, mode: 'human', at: Date.now() + 1_000, wrote: true });
      expect(await openAsk(other)).toBeNull();
    });

    it('keeps the first score, counts by portal and channel, and forgets it with its thread', async () => {
      const where = place();
      await ask(where);
      await ask(where, 'csat-2', 'm2');
      await ask(where, 'csat-3', 'm3');
      await opened().noteRating({ ...where, workflowId: 'csat-1', score: 4 });
      await opened().noteRating({ ...where, workflowId: 'csat-1', score: 1 });
      await opened().noteRating({ ...where, workflowId: 'csat-2', score: 2 });
      await opened().withdrawAsk({ ...where, workflowId: 'csat-1' });
      const counts = async (since = Date.now() - 60_000) =>
        (await opened().ratingCounts(since)).filter(({ portalId }) => portalId === where.portalId);
      const { portalId } = where;
      expect(await counts()).toEqual([{ portalId, channel: 'live chat', asked: 3, answered: 2, sum: 6, good: 1 }]);
      expect(await counts(Date.now() + 60_000)).toEqual([]);
      await opened().forget(portalId, [where.threadId]);
      expect(await counts()).toEqual([]);
    });
  });
};
