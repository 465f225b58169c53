import { z } from 'zod';
import type { AiAnswer, AnswerNotes, ReplyRequest, Source } from '../backend.ts';
import { askedTooOften, asksSomething, asQuestion } from '../clarifying.ts';
import type { AgentStep } from '../steps.ts';

/**
 * What a model is asked for. Every field is required, as OpenAI's strict mode wants it; limits are kept by the code.
 */
export const modelAnswerSchema = z.object({
  action: z.enum(['reply', 'ask', 'handoff', 'nothing']),
  text: z.string(),
  confidence: z.number(),
  language: z.string(),
  sentiment: z.enum(['positive', 'neutral', 'negative']),
  sources: z.array(z.string()),
  reason: z.string(),
});

export type ModelAnswer = z.infer<typeof modelAnswerSchema>;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

/** What is known of an answer beside what the model says. */
interface Circumstances {
  request: Pick<ReplyRequest, 'questions'>;
  /** The articles that it was shown, by their ids. */
  shown: ReadonlyMap<string, Source>;
  usage: AnswerNotes['usage'];
  /** It may ask the customer back. */
  mayAsk: boolean;
  /** The version of the business's instructions; absent where there are none. */
  instructions?: string | undefined;
  /** What was called before. */
  steps: readonly AgentStep[];
}

/** For agents, who look at the likeliest first. */
const MOST_CONSULTED = 5;

/** The model's own look-ups; all else that it calls is the business's. */
const OWN_LOOKS = ['searchKnowledge', 'readCustomer', 'readTicket'];

const hasLookedUp = (steps: readonly AgentStep[]): boolean =>
  steps.some(({ calls }) => calls.some(({ name, outcome }) => outcome.ok && !OWN_LOOKS.includes(name)));

/**
 * A model's answer in our terms. A source is one that it was shown, by id; any other is dropped. `ask` is a reply that
 * asks back, or a handoff where it may not; so is a reply then that asks something and names no article. `nothing` is a
 * handoff with the model's reason: an unanswered message is for an agent to see, and silence can't be distinguished
 * from a failure.
 */
export const toAiAnswer = (
  { action, text, confidence, language, sentiment, sources, reason }: ModelAnswer,
  { request, shown, usage, mayAsk, instructions, steps }: Circumstances,
): AiAnswer => {
  const notes: AnswerNotes = {
    ...(LANGUAGE.test(language) ? { language } : {}),
    sentiment,
    ...(instructions === undefined ? {} : { instructions }),
    ...(usage === undefined ? {} : { usage }),
  };
  if (action === 'ask') {
    const question = { text: asQuestion(text), sources: [], confidence: null, asksBack: true as const };
    const asked: AiAnswer = { action: 'reply', ...question, aiSessionId: null, ...notes };
    return mayAsk ? asked : askedTooOften(asked);
  }
  if (action !== 'reply') {
    const why = reason.trim() || 'the AI gave no reason';
    const [nearest] = shown.values();
    const consulted = [...new Set([...shown.values()].map(({ title }) => title.slice(0, 200)))].slice(
      0,
      MOST_CONSULTED,
    );
    return {
      action: 'handoff',
      reason: action === 'nothing' ? `nothing to say: ${why}` : why,
      cause: 'ai-decided',
      ...(nearest ? { nearest, consulted } : {}),
      aiSessionId: null,
      ...notes,
    };
  }
  const cited = [...new Set(sources)].flatMap((id) => shown.get(id) ?? []);
  const reply: AiAnswer = {
    action,
    text: text.trim(),
    sources: [...new Map(cited.map((source) => [source.title, source])).values()],
    confidence: Math.min(1, Math.max(0, confidence)),
    aiSessionId: null,
    // The business's own system is a source, though no article.
    ...(cited.length === 0 && hasLookedUp(steps) ? { claims: 'what-its-sources-say' as const } : {}),
    ...notes,
  };
  return !mayAsk && cited.length === 0 && asksSomething(text, request) ? askedTooOften(reply) : reply;
};
