import type { AiAnswer, AiBackend, TranscriptLine } from '../../src/ai/backend.ts';
import { AiRefused, AiUnreadable } from '../../src/ai/errors.ts';
import { costOf, type TokenUsage } from '../../src/ai/prices.ts';
import { judgeShadow } from '../../src/ai/similarity.ts';
import { handoffOfFiles, isOnlyFiles } from '../../src/ai/unread-files.ts';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { buildReplyRequest } from '../../src/rules/replying/reply-request.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import { asSent } from '../as-sent.ts';
import type { Circumstances } from '../play.ts';
import { type Asked, questionsIn } from './asked.ts';
import type { ReadOnlyPortal } from './portal.ts';

/**
 * How the AI's answer compares with the agent's. `unanswered`: no agent wrote one, and the AI would have. `failed`: the
 * AI gave none.
 */
export const BACKTEST_VERDICTS = ['alike', 'different', 'asked-back', 'handoff', 'unanswered', 'failed'] as const;
export type BacktestVerdict = (typeof BACKTEST_VERDICTS)[number];

/** A question of a closed thread, what the AI would have said, and what the agent said. */
export interface Replayed {
  threadId: string;
  messageId: string;
  /** ISO time, by HubSpot's clock. */
  askedAt: string;
  channel: string;
  subject: string | null;
  question: string[];
  /** What was said before, the newest of it. */
  before: Pick<TranscriptLine, 'from' | 'text'>[];
  /** `null`: no agent answered. */
  agent: string | null;
  /** `null`: the AI failed. */
  ai: AiAnswer | null;
  /** Why the AI failed; `null`: it did not. */
  failure: string | null;
  verdict: BacktestVerdict;
  /** 0 to 1; `null` where there are no two replies to compare. */
  similarity: number | null;
  ms: number;
  /** `null`: the AI doesn't say. */
  usage: TokenUsage | null;
  /** In millionths of the prices' currency; `null` where tokens or prices aren't known. */
  cost: number | null;
}

const ANSWER_MS = 90_000;
const LINES_BEFORE = 8;

const comparison = (ai: AiAnswer | null, agent: string | null): Pick<Replayed, 'verdict' | 'similarity'> => {
  if (ai === null) return { verdict: 'failed', similarity: null };
  if (ai.action === 'handoff') return { verdict: 'handoff', similarity: null };
  if (ai.asksBack) return { verdict: 'asked-back', similarity: null };
  if (agent === null) return { verdict: 'unanswered', similarity: null };
  return judgeShadow({ action: 'reply', words: ai.text, human: agent });
};

/** What is asked, of whom, and how it is read. */
export interface Replaying {
  portal: ReadOnlyPortal;
  settings: PortalSettings;
  ai: AiBackend;
  circumstances: Circumstances;
}

const replayQuestion = async (
  threadId: ThreadId,
  { burst, before, agent }: Asked,
  { portal, settings, ai, circumstances }: Replaying,
): Promise<Replayed | null> => {
  const newest = burst.at(-1);
  if (!newest) return null;
  const { thread } = before;
  const session = {
    portalId: thread.portalId,
    threadId,
    contactId: thread.contactId,
    ticketId: thread.ticketId,
    channelId: newest.channelId,
    aiSessionId: null,
    customData: {},
    turns: 0,
    mode: 'ai' as const,
    silenced: null,
  };
  const fullTexts = await portal.inFull(threadId, burst);
  const request = buildReplyRequest(before, burst, fullTexts, session, settings.aiActorId, {
    // As if it were answered at once.
    now: newest.createdAt,
    timeZone: settings.timeZone,
    readsNotes: settings.aiReadsNotes,
  });
  const began = performance.now();
  let answer: AiAnswer | null = null;
  let failure: string | null = null;
  let usage: TokenUsage | null = null;
  try {
    if (isOnlyFiles(request)) {
      answer = { action: 'handoff', reason: handoffOfFiles(request), aiSessionId: null };
    } else {
      const given = await ai.generate(request, {
        signal: AbortSignal.timeout(ANSWER_MS),
        rememberAiSession: async () => undefined,
      });
      usage = given.usage ?? null;
      answer = asSent(ai, given, request, circumstances.linkDomains);
    }
  } catch (error) {
    if (error instanceof AiRefused) throw error;
    if (error instanceof AiUnreadable) usage = error.usage ?? null;
    failure = (error as Error).message;
  }
  return {
    threadId,
    messageId: newest.id,
    askedAt: newest.createdAt,
    channel: request.channel,
    subject: request.subject ?? null,
    question: request.questions,
    before: request.transcript.slice(-LINES_BEFORE).map(({ from, text }) => ({ from, text })),
    agent,
    ai: answer,
    failure,
    ...comparison(answer, agent),
    ms: Math.round(performance.now() - began),
    usage,
    cost: usage && circumstances.prices && costOf(usage, circumstances.prices),
  };
};

/**
 * Asks the AI every question of a thread, one after another; `null`: HubSpot does not show the thread. Posts nothing.
 * @throws {AiRefused} someone has to change a setting: the next question would be refused too
 */
export const replayThread = async (threadId: ThreadId, replaying: Replaying): Promise<Replayed[] | null> => {
  const conversation = await replaying.portal.conversation(threadId);
  if (conversation === null) return null;
  const replayed: Replayed[] = [];
  for (const asked of questionsIn(conversation, replaying.settings.aiActorId)) {
    const one = await replayQuestion(threadId, asked, replaying);
    if (one) replayed.push(one);
  }
  return replayed;
};
