import { z } from 'zod';
import type { AiAnswer, AnswerNotes, Source } from '../backend.ts';

/**
 * What a model is asked for. Every field is required, as OpenAI's strict mode wants it; limits are kept by the code.
 */
export const modelAnswerSchema = z.object({
  action: z.enum(['reply', 'handoff', 'nothing']),
  text: z.string(),
  confidence: z.number(),
  language: z.string(),
  sentiment: z.enum(['positive', 'neutral', 'negative']),
  sources: z.array(z.string()),
  reason: z.string(),
});

export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

/**
 * A model's answer in our terms. A source is one that was found for it, by id; any other is dropped. `nothing` is a
 * handoff with the model's reason: an unanswered message is for an agent to see, and silence can't be distinguished
 * from a failure.
 */
export const toAiAnswer = (
  { action, text, confidence, language, sentiment, sources, reason }: ModelAnswer,
  found: ReadonlyMap<string, Source>,
  usage: AnswerNotes['usage'],
): AiAnswer => {
  const notes: AnswerNotes = {
    ...(LANGUAGE.test(language) ? { language } : {}),
    sentiment,
    ...(usage === undefined ? {} : { usage }),
  };
  if (action !== 'reply') {
    const why = reason.trim() || 'the AI gave no reason';
    return {
      action: 'handoff',
      reason: action === 'nothing' ? `nothing to say: ${why}` : why,
      aiSessionId: null,
      ...notes,
    };
  }
  const cited = [...new Set(sources)].flatMap((id) => found.get(id) ?? []);
  return {
    action,
    text: text.trim(),
    sources: [...new Map(cited.map((source) => [source.title, source])).values()],
    confidence: Math.min(1, Math.max(0, confidence)),
    aiSessionId: null,
    ...notes,
  };
};
