import type { AiAnswer, AiBackend, TranscriptLine } from '../src/ai/backend.ts';
import type { PortalId, ThreadId } from '../src/hubspot/ids.ts';
import type { Conversation } from './conversation.ts';
import { faultsOf } from './judge.ts';

/** One answer of the AI's, and what is wrong with it. */
export interface PlayedTurn {
  customer: string[];
  /** `null`: the AI failed. */
  answer: AiAnswer | null;
  faults: string[];
  ms: number;
}

export interface PlayedConversation {
  name: string;
  turns: PlayedTurn[];
}

const TURN_MS = 90_000;

/** Plays a conversation against an AI, each turn with what was said before it. A failure of the AI's is a fault of its turn. */
export const play = async (
  ai: AiBackend,
  { name, channel, customData, turns }: Conversation,
  number: number,
): Promise<PlayedConversation> => {
  const transcript: TranscriptLine[] = [];
  let aiSessionId: string | null = null;
  const played: PlayedTurn[] = [];
  for (const { customer, expect } of turns) {
    const began = performance.now();
    let answer: AiAnswer | null = null;
    let faults: string[];
    try {
      answer = await ai.generate(
        {
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
        },
        {
          signal: AbortSignal.timeout(TURN_MS),
          rememberAiSession: async (id) => {
            aiSessionId = id;
          },
        },
      );
      faults = faultsOf(answer, expect);
    } catch (error) {
      faults = [`the AI failed: ${(error as Error).message}`];
    }
    played.push({ customer, answer, faults, ms: performance.now() - began });
    transcript.push(...customer.map((text) => ({ from: 'customer' as const, text, attachments: [] })));
    if (answer?.action === 'reply') transcript.push({ from: 'ai', text: answer.text, attachments: [] });
    aiSessionId = answer?.aiSessionId ?? aiSessionId;
  }
  return { name, turns: played };
};
