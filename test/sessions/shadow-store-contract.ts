import { describe, expect, it } from '@jest/globals';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { ShadowDraft, ShadowStore } from '../../src/sessions/shadow.ts';

const message = (name: string) => name as MessageId;

let threads = 0;

/** What every session store promises about drafts that nobody saw. */
export const describeShadowStore = (opened: () => ShadowStore): void => {
  describe('keeps what the AI would have said:', () => {
    const onThread = () => {
      threads += 1;
      return { portalId: '9000001' as PortalId, threadId: String(5_000_000 + threads) as ThreadId };
    };
    const draft = (changes: Partial<ShadowDraft>): ShadowDraft => ({
      ...onThread(),
      answeredMessageId: message('a'),
      askedAt: 1_000,
      action: 'reply',
      words: 'Two days',
      ...changes,
    });
    const pairsOf = async ({ threadId }: { threadId: ThreadId }) =>
      (await opened().shadowPairs(1)).filter((pair) => pair.threadId === threadId);

    it('beside what an agent wrote after it, message by message', async () => {
      const thread = onThread();
      await opened().keepShadowDraft(draft({ ...thread, words: 'Two\0 days' }));
      expect(await pairsOf(thread)).toEqual([
        { ...thread, answeredMessageId: 'a', action: 'reply', words: 'Two days', human: '' },
      ]);
      const written = { ...thread, messageId: message('h1'), at: 2_000, words: 'Hi!' };
      expect(await opened().noteHumanWords(written)).toMatchObject({ answeredMessageId: 'a', human: 'Hi!' });
      expect(await opened().noteHumanWords(written)).toMatchObject({ human: 'Hi!' });
      const more = { ...written, messageId: message('h2'), words: 'It takes two days' };
      expect(await opened().noteHumanWords(more)).toMatchObject({ human: 'Hi!\nIt takes two days' });
      expect(await pairsOf(thread)).toMatchObject([{ human: 'Hi!\nIt takes two days' }]);
    });

    it('with the newest draft before what an agent wrote, and with none after it or elsewhere', async () => {
      const thread = onThread();
      for (const [id, askedAt] of [
        ['a', 1_000],
        ['b', 2_000],
        ['c', 3_000],
      ] as const)
        await opened().keepShadowDraft(draft({ ...thread, answeredMessageId: message(id), askedAt }));
      const written = { ...thread, messageId: message('h'), at: 2_500, words: 'Hi' };
      expect(await opened().noteHumanWords(written)).toMatchObject({ answeredMessageId: 'b' });
      expect(await opened().noteHumanWords({ ...written, at: 999 })).toBeNull();
      expect(await opened().noteHumanWords({ ...written, ...onThread() })).toBeNull();
    });

    it('the latest one, where a message was thought about twice', async () => {
      const thread = onThread();
      await opened().keepShadowDraft(draft(thread));
      await opened().noteHumanWords({ ...thread, messageId: message('h'), at: 2_000, words: 'Hi' });
      await opened().keepShadowDraft(draft({ ...thread, action: 'handoff', words: 'no idea' }));
      expect(await pairsOf(thread)).toMatchObject([{ action: 'handoff', words: 'no idea', human: 'Hi' }]);
    });
  });
};
