import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { AiAnswer, AiBackend } from './backend.ts';
import { AnswerTooLarge, boundedFetch } from './bounded-fetch.ts';
import { askedTooOften, asQuestion, mayAskBack } from './clarifying.ts';
import { AiUnreadable } from './errors.ts';
import { refusalOf, type Service, tooSlow, unreachable } from './failures.ts';
import { instructionsOn } from './instructions.ts';

export interface HttpAiOptions {
  url: string;
  /** Signs every request. */
  secret: string;
  /** How many clarifying questions it may ask in one matter; 1 unless given. */
  clarifyingQuestions?: number;
  /** How long an answer may take, in ms; 40 s unless given. */
  deadlineMs?: number;
}

/** Two backends in a row, after files have waited for room, stay below the 3 min of an attempt. */
const DEADLINE_MS = 40_000;

const SERVICE: Service = { name: 'The AI at AI_HTTP_URL', keySetting: 'AI_HTTP_SECRET', urlSetting: 'AI_HTTP_URL' };

const notes = {
  aiSessionId: z.string().min(1).max(500).nullish(),
  language: z.string().max(35).optional(),
  sentiment: z.enum(['positive', 'neutral', 'negative']).optional(),
  unreadFiles: z
    .array(z.string().regex(/^[a-z][a-z\d ]{0,29}$/))
    .max(20)
    .optional(),
  usage: z.object({ inputTokens: z.number().nonnegative(), outputTokens: z.number().nonnegative() }).optional(),
};

const answerSchema = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('reply'),
    text: z.string(),
    sources: z
      .array(z.object({ title: z.string().max(200), path: z.string().max(500) }))
      .max(10)
      .default([]),
    confidence: z.number().min(0).max(1).nullable().default(null),
    asksBack: z.boolean().default(false),
    ...notes,
  }),
  z.object({ action: z.literal('handoff'), reason: z.string(), ...notes }),
]);

/** `sha256=` and the hex HMAC-SHA256 of `{timestamp}.{body}`, as `X-Threadkeeper-Signature` carries it. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

const parsed = (text: string, mayAsk: boolean): AiAnswer => {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The parser's own message quotes the answer.
    throw new AiUnreadable(`${SERVICE.name} answers no JSON (${text.length} characters)`);
  }
  const result = answerSchema.safeParse(body);
  if (!result.success) {
    const fields = result.error.issues.map(({ path }) => path.join('.') || 'top level').join(', ');
    throw new AiUnreadable(`${SERVICE.name} answers in another shape than asked for (${fields})`);
  }
  const { language, sentiment, usage, unreadFiles, aiSessionId = null, ...said } = result.data;
  const notes = {
    ...(language === undefined ? {} : { language }),
    ...(sentiment === undefined ? {} : { sentiment }),
    ...(usage === undefined ? {} : { usage }),
    ...(unreadFiles === undefined ? {} : { unreadFiles }),
  };
  if (said.action === 'handoff') return { ...said, aiSessionId, ...notes };
  const { asksBack, ...reply } = said;
  if (!asksBack) return { ...reply, aiSessionId, ...notes };
  const asked = { text: asQuestion(reply.text), sources: [], confidence: null, asksBack };
  const question: AiAnswer = { action: 'reply', ...asked, aiSessionId, ...notes };
  return mayAsk ? question : askedTooOften(question);
};

/**
 * Asks whatever answers at a URL: a signed POST of the {@link ReplyRequest} as JSON, whose answer is an {@link
 * AiAnswer} as JSON. Beside the request's own fields the body has `mayAskBack`, whether the answer may be a clarifying
 * question (`asksBack`), and `instructions`, the business's for this channel as markdown, or `null`.
 * `X-Threadkeeper-Timestamp` holds the milliseconds since the epoch, `X-Threadkeeper-Signature` what {@link
 * signatureOf} makes of it and the body. An `aiSessionId` in the answer comes along with the thread's next message.
 *
 * Throws {@link AiRefused} for a refused signature or request, {@link AiUnreadable} for an answer in another shape,
 * else {@link AiUnavailable}; the signal's own reason once that is aborted. No error holds a word of the conversation.
 */
export const createHttpBackend = ({
  url,
  secret,
  clarifyingQuestions = 1,
  deadlineMs = DEADLINE_MS,
}: HttpAiOptions): AiBackend => ({
  name: 'http',
  confidential: [secret],
  async generate(request, { signal, rememberAiSession, instructions = null }) {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    const timestamp = String(Date.now());
    const mayAsk = mayAskBack(request, clarifyingQuestions);
    const ofBusiness = instructions === null ? '' : instructionsOn(instructions, request.channel);
    const body = JSON.stringify({ ...request, mayAskBack: mayAsk, instructions: ofBusiness || null });
    const response = await boundedFetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-threadkeeper-timestamp': timestamp,
        'x-threadkeeper-signature': signatureOf(secret, timestamp, body),
      },
      body,
      signal: AbortSignal.any([signal, deadline]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof AnswerTooLarge) throw new AiUnreadable(`${SERVICE.name} answers without an end`);
      throw deadline.aborted ? tooSlow(SERVICE, deadlineMs) : unreachable(SERVICE, error);
    });
    if (!response.ok) throw refusalOf(SERVICE, response.status, response.headers.get('retry-after'));
    const answer = parsed(await response.text(), mayAsk);
    if (answer.aiSessionId !== null && answer.aiSessionId !== request.aiSessionId) {
      await rememberAiSession(answer.aiSessionId);
    }
    return { ...answer, ...(ofBusiness && instructions ? { instructions: instructions.version } : {}) };
  },
});
