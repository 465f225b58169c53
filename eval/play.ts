import type { AiAnswer, AiBackend, ReplyRequest, TranscriptLine } from '../src/ai/backend.ts';
import { AiUnreadable } from '../src/ai/errors.ts';
import { costOf, type Prices, type TokenUsage } from '../src/ai/prices.ts';
import type { PortalId, ThreadId } from '../src/hubspot/ids.ts';
import { asSent } from './as-sent.ts';
import type { Conversation } from './conversation.ts';
import { faultsOf } from './judge.ts';

/** One answer of the AI's, and what is wrong with it. */
export interface PlayedTurn {
  customer: string[];
  /** `null`: the AI failed. */
  answer: AiAnswer | null;
  faults: string[];
  ms: number;
  /** `null`: the AI doesn't say. */
  usage: TokenUsage | null;
  /** In millionths of the prices' currency; `null` where tokens or prices aren't known. */
  cost: number | null;
}

export interface PlayedConversation {
  name: string;
  turns: PlayedTurn[];
}

/** What an answer is held against before it would go out, and what it costs. */
export interface Circumstances {
  linkDomains: readonly string[];
  prices: Prices | null;
}

const TURN_MS = 90_000;

/**
 * Plays a conversation against an AI, each turn with what was said before it. An answer counts as the customer would
 * get it: one that the product would not send is a handoff. A failure of the AI's is a fault of its turn.
 */
export const play = async (
  ai: AiBackend,
  { name, channel, customData, turns }: Conversation,
  number: number,
  { linkDomains, prices }: Circumstances = { linkDomains: ['*'], prices: null },
): Promise<PlayedConversation> => {
  const transcript: TranscriptLine[] = [];
  let aiSessionId: string | null = null;
  const played: PlayedTurn[] = [];
  for (const { customer, expect } of turns) {
    const began = performance.now();
    let answer: AiAnswer | null = null;
    let faults: string[];
    let usage: TokenUsage | null = null;
    try {
      const request: ReplyRequest = {
        portalId: '1' as PortalId,
        threadId: String(number + 1) as ThreadId,
        channel,
        questions: customer,
        quoted: null,
        attachments: [],
        transcript: [...transcript],
        contact: { name: null, email: null },
        contactId: null,
        ticketId: null,
        customData,
        aiSessionId,
      };
      const given = await ai.generate(request, {
        signal: AbortSignal.timeout(TURN_MS),
        rememberAiSession: async (id) => {
          aiSessionId = id;
        },
      });
      usage = given.usage ?? null;
      answer = asSent(ai, given, request, linkDomains);
      faults = faultsOf(answer, expect);
    } catch (error) {
      if (error instanceof AiUnreadable) usage = error.usage ?? null;
      faults = [`the AI failed: ${(error as Error).message}`];
    }
    const ms = performance.now() - began;
    played.push({ customer, answer, faults, ms, usage, cost: usage && prices && costOf(usage, prices) });
    transcript.push(...customer.map((text) => ({ from: 'customer' as const, text, attachments: [] })));
    if (answer?.action === 'reply') transcript.push({ from: 'ai', text: answer.text, attachments: [] });
    aiSessionId = answer?.aiSessionId ?? aiSessionId;
  }
  return { name, turns: played };
};
