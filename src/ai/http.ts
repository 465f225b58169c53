import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { AiAnswer, AiBackend } from './backend.ts';
import { AnswerTooLarge, boundedFetch } from './bounded-fetch.ts';
import { AiUnreadable } from './errors.ts';
import { refusalOf, type Service, tooSlow, unreachable } from './failures.ts';

export interface HttpAiOptions {
  url: string;
  /** Signs every request. */
  secret: string;
  /** An answer may take this long, in ms; 40 s unless given. */
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
    ...notes,
  }),
  z.object({ action: z.literal('handoff'), reason: z.string(), ...notes }),
]);

/** `sha256=` and the hex HMAC-SHA256 of `{timestamp}.{body}`, as `X-Threadkeeper-Signature` carries it. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

const parsed = (text: string): AiAnswer => {
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
  const { language, sentiment, usage, unreadFiles, aiSessionId = null, ...answer } = result.data;
  return {
    ...answer,
    aiSessionId,
    ...(language === undefined ? {} : { language }),
    ...(sentiment === undefined ? {} : { sentiment }),
    ...(usage === undefined ? {} : { usage }),
    ...(unreadFiles === undefined ? {} : { unreadFiles }),
  };
};

/**
 * Asks whatever answers at a URL: a signed POST of the {@link ReplyRequest} as JSON, whose answer is an {@link
 * AiAnswer} as JSON. `X-Threadkeeper-Timestamp` holds the milliseconds since the epoch, `X-Threadkeeper-Signature` what
 * {@link signatureOf} makes of it and the body. An `aiSessionId` in the answer comes along with the thread's next
 * message.
 *
 * Throws {@link AiRefused} for a refused signature or request, {@link AiUnreadable} for an answer in another shape,
 * else {@link AiUnavailable}; the signal's own reason once that is aborted. No error holds a word of the conversation.
 */
export const createHttpBackend = ({ url, secret, deadlineMs = DEADLINE_MS }: HttpAiOptions): AiBackend => ({
  name: 'http',
  confidential: [secret],
  async generate(request, { signal, rememberAiSession }) {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    const timestamp = String(Date.now());
    const body = JSON.stringify(request);
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
    const answer = parsed(await response.text());
    if (answer.aiSessionId !== null && answer.aiSessionId !== request.aiSessionId) {
      await rememberAiSession(answer.aiSessionId);
    }
    return answer;
  },
});
