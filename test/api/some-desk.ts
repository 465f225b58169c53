import type { Act } from '../../src/api/ops/actions.ts';
import type { DeskParts } from '../../src/api/ops/desk-routes.ts';
import type { Drafts } from '../../src/api/ops/drafts.ts';
import { settingsInForce } from '../../src/config.ts';
import type { MessageId, ThreadId } from '../../src/hubspot/ids.ts';
import type { MessageRun } from '../../src/temporal/conversations.ts';
import type { RunWords } from '../../src/temporal/run-words.ts';
import { portalId } from './support.ts';

const run = (thread: number, changes: Partial<MessageRun> = {}): MessageRun => ({
  workflowId: `message:1:${thread}-m`,
  runId: `r${thread}`,
  portalId: portalId('1'),
  threadId: String(thread) as ThreadId,
  messageId: 'm' as MessageId,
  startedAt: new Date(Date.now() - 3 * 60 * 60_000),
  isOpen: true,
  outcome: 'awaits-approval',
  reason: null,
  channel: 'email',
  ...changes,
});

const words = (changes: Partial<RunWords> = {}): RunWords => ({
  asked: ['Where is my vase?'],
  answer: `It left our warehouse yesterday.\n\nhttps://example.com/${'track'.repeat(60)}`,
  wanted: [],
  handoff: null,
  sources: [{ title: 'Where is my order?', path: 'orders.md' }],
  confidence: 0.98,
  sent: null,
  decided: null,
  ...changes,
});

/** Two drafts, with a word that no line has room for, and a call that waits. */
export const someDrafts = (): Drafts => ({
  shown: [
    { run: run(10), words: words() },
    { run: run(11), words: words() },
    {
      run: run(12),
      words: words({ answer: null, wanted: ['cancel_order: POST https://shop.example/orders/10234/cancel'] }),
    },
  ],
  count: 3,
  more: false,
  showText: true,
});

/** A desk with a bit of everything; what is wanted of it goes into `acted`. */
export const someDesk = (acted: Act[]): DeskParts => {
  const over = { isOpen: false, startedAt: new Date() };
  const runs = [
    run(10),
    run(11, { ...over, outcome: 'replied' }),
    run(12, { ...over, outcome: 'handed-off', reason: 'low-confidence' }),
    run(13, { ...over, outcome: 'skipped', reason: 'owned-by-human', channel: 'live chat' }),
    run(14, { ...over, outcome: 'needs-attention', reason: 'ai-failed', channel: null }),
    run(15, { outcome: null, channel: null }),
  ];
  const asked = { portalId: portalId('1'), channel: 'email', question: 'Where is my vase?', by: 'Ann on /ops' };
  return {
    desk: {
      drafts: async () => someDrafts(),
      find: async () => ({
        conversations: runs.map((newest) => ({
          newest,
          messages: 2,
          speaker: 'handed-off',
          words: words(newest.outcome === 'replied' ? { sent: 'It left yesterday.' } : {}),
        })),
        count: 60,
        more: true,
        hasNextPage: true,
        showText: true,
        knowsSpeakers: true,
      }),
      one: async (id, threadId) => ({
        portalId: id,
        threadId,
        speaker: 'paused',
        messages: runs.map((one) => ({ run: one, words: words({ decided: { decision: 'edit', by: 'Ann on /ops' } }) })),
        commands: [{ startedAt: new Date(), by: 'Ann on /ops', became: 'paused for 2h' }],
        more: true,
        showText: true,
      }),
    },
    act: async (act) => {
      acted.push(act);
      const hows = ['done', 'failed', 'taken'] as const;
      return act.items.map((item, at) => ({ item, how: hows[at % 3] ?? 'done', words: 'So it is.' }));
    },
    tests: {
      start: async () => undefined,
      read: async () => ({
        asked,
        runId: 'r',
        result: {
          outcome: 'tested',
          would: 'approve',
          reason: 'The AI is set to approve on this channel.',
          text: 'It left our warehouse yesterday.',
          sources: [{ title: 'Where is my order?', path: 'orders.md' }],
          confidence: 0.98,
          near: [{ title: 'Where is my order?', path: 'orders.md', score: 0.98 }],
          rules: ['says "refund" (rule-words): approve'],
          tools: ['orderStatus'],
          language: 'en',
          spent: { inputTokens: 1_234, outputTokens: 56, cost: 7_890 },
        },
      }),
    },
    portals: async () => [portalId('1'), portalId('2')],
    settings: settingsInForce({ QUIET_PERIOD: '7s', OPS_TOKEN: 'x', WEBHOOK_PUBLIC_URL: 'https://a.example.com/b' }),
  };
};
