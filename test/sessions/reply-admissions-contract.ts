import { beforeEach, describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId, TicketId } from '../../src/hubspot/ids.ts';
import type { AskedReply } from '../../src/sessions/replies.ts';
import type { SessionStore } from '../../src/sessions/store.ts';

const AT = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const message = (name: string) => name as MessageId;
const thread = (name: string) => name as ThreadId;

let portals = 0;

/** What every session store promises about who gets how many answers. */
export const describeReplyAdmissions = (opened: () => SessionStore): void => {
  describe('admits answers by whom they go to:', () => {
    /** Nobody else's. */
    let portalId: PortalId;
    let messages = 0;
    beforeEach(() => {
      portals += 1;
      portalId = String(9_000_000 + portals) as PortalId;
    });
    const asked = (changes: Partial<AskedReply> = {}): AskedReply => {
      messages += 1;
      return {
        portalId,
        threadId: thread(String(messages)),
        messageId: message(`m${messages}`),
        address: 'desk',
        words: `words ${messages}`,
        gist: `gist ${messages}`,
        mailbox: 'support',
        writtenAt: AT,
        at: AT,
        alone: false,
        ...changes,
      };
    };
    const admit = (changes: Partial<AskedReply> = {}, most = 2) => opened().admitReply(asked(changes), most);
    const settle = ({ threadId, messageId }: AskedReply, outcome: 'replied' | 'drafted' | 'handed-off' = 'replied') =>
      opened().recordTurn({
        ...{ portalId, threadId, answeredMessageIds: [messageId], outcome, workflowId: 'w' },
        postedMessageId: message(`of-${messageId}`),
      });
    const verdicts = (admissions: { verdict: string }[]) => admissions.map(({ verdict }) => verdict);

    it('over all threads, with one alarm for the hour, and apart for each address and portal', async () => {
      const found = [await admit(), await admit(), await admit(), await admit()];
      expect(verdicts(found)).toEqual(['admitted', 'admitted', 'capped', 'over']);
      expect(found[2]).toEqual({ verdict: 'capped', replies: 2, isRepeated: false, ticketId: null, sameAs: null });
      expect(await admit({ address: 'someone else' })).toMatchObject({ verdict: 'admitted', replies: 0 });
      portalId = `${portalId}0` as PortalId;
      expect(await admit()).toMatchObject({ verdict: 'admitted', replies: 0 });
    });

    it('on one thread alone as often as it asks: the thread has a cap of its own', async () => {
      const one = thread('alone');
      for (let n = 0; n < 4; n += 1) {
        const next = asked({ threadId: one, at: Date.now() });
        expect(await opened().admitReply(next, 2)).toMatchObject({ verdict: 'admitted' });
        await settle(next);
      }
      expect(await admit({ at: Date.now() })).toMatchObject({ verdict: 'capped', replies: 4 });
    });

    it('no more than the cap to any number that ask at once', async () => {
      const found = await Promise.all(Array.from({ length: 9 }, () => admit()));
      expect(verdicts(found).sort()).toEqual(['admitted', 'admitted', 'capped', ...Array(6).fill('over')]);
    });

    it('the same message again as it was admitted before', async () => {
      const first = asked();
      const capped = [first, asked(), asked()];
      for (const one of capped) await opened().admitReply(one, 2);
      expect(await opened().admitReply(first, 2)).toMatchObject({ verdict: 'admitted' });
      expect(await opened().admitReply(capped[2] as AskedReply, 2)).toMatchObject({ verdict: 'capped' });
    });

    it('for the hour that follows the cap, though the answers before it are older by then', async () => {
      const early = [asked(), asked()];
      for (const one of early) await opened().admitReply(one, 2);
      await admit({ at: AT + 5 * MINUTE });
      expect(await admit({ at: AT + HOUR + 4 * MINUTE })).toMatchObject({ verdict: 'over' });
      expect(await admit({ at: AT + HOUR + 6 * MINUTE })).toMatchObject({ verdict: 'admitted' });
    });

    it('what never came to an answer counts for ten minutes, one a thread; an answer and a handoff for the hour', async () => {
      const one = thread('burst');
      for (let n = 0; n < 5; n += 1) expect(await admit({ threadId: one })).toMatchObject({ verdict: 'admitted' });
      expect(await admit()).toMatchObject({ verdict: 'admitted', replies: 1 });
      expect(await admit({ at: AT + 11 * MINUTE })).toMatchObject({ verdict: 'admitted', replies: 0 });
      const now = Date.now();
      portalId = `${portalId}0` as PortalId;
      for (const outcome of ['replied', 'handed-off', 'drafted'] as const) {
        const settled = asked({ at: now });
        await opened().admitReply(settled, 9);
        await settle(settled, outcome);
      }
      expect(await admit({ at: now + 11 * MINUTE }, 9)).toMatchObject({ replies: 2 });
    });

    it('and counts the replies of the hour on each thread, neither drafts nor handoffs', async () => {
      const one = thread('replies');
      for (const outcome of ['replied', 'drafted', 'handed-off', 'replied'] as const)
        await settle(asked({ threadId: one }), outcome);
      await settle(asked({ threadId: thread('another') }));
      expect(await opened().repliesWithinHour(portalId, one)).toBe(2);
    });

    it('knows what it has said before, and the ticket of that', async () => {
      const first = asked({ gist: 'again' });
      await opened().open({ portalId, threadId: first.threadId, contactId: null, ticketId: null, channelId: null });
      await opened().admitReply(first, 9);
      expect(await admit({ gist: 'again' }, 9)).toMatchObject({ isRepeated: true, ticketId: null });
      await opened().linkTicket(portalId, '77' as TicketId, [first.threadId]);
      expect(await admit({ gist: 'again' }, 9)).toMatchObject({ isRepeated: true, ticketId: '77' });
      expect(await admit({}, 9)).toMatchObject({ isRepeated: false, ticketId: null });
      expect(await admit({ gist: null, words: null }, 9)).toMatchObject({ isRepeated: false, sameAs: null });
    });

    it('one of two that are the same mail, whichever comes first, and the other one alone', async () => {
      const pair = ['support', 'sales'].map((mailbox) => asked({ words: 'same', mailbox }));
      const found = await Promise.all(pair.map((one) => opened().admitReply(one, 9)));
      const second = found.findIndex(({ sameAs }) => sameAs !== null);
      const first = pair[1 - second] as AskedReply;
      expect(found[second]?.sameAs).toEqual({ threadId: first.threadId, messageId: first.messageId });
      expect(found[1 - second]?.sameAs).toBeNull();
      // The first is asked again, such as by a second attempt.
      await opened().admitReply({ ...(pair[second] as AskedReply), alone: true }, 9);
      expect(await opened().admitReply(first, 9)).toMatchObject({ sameAs: null });
      expect(await admit({ words: 'same', mailbox: 'sales', address: 'someone else' }, 9)).toMatchObject({
        sameAs: null,
      });
      expect(await admit({ words: 'same', mailbox: 'third', writtenAt: AT + 11 * MINUTE }, 9)).toMatchObject({
        sameAs: null,
      });
    });

    it('a mail that is sent to the same mailbox again once it is answered', async () => {
      const first = asked({ words: 'same' });
      await opened().admitReply(first, 9);
      expect((await admit({ words: 'same' }, 9)).sameAs).not.toBeNull();
      await settle(first);
      expect((await admit({ words: 'same' }, 9)).sameAs).toBeNull();
      expect((await admit({ words: 'same', mailbox: 'sales' }, 9)).sameAs).not.toBeNull();
    });
  });
};
