import { z } from 'zod';
import type { AiAnswer, AiBackend, GenerateContext, HandoffCause, ReplyRequest, TranscriptLine } from './backend.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { AiUnavailable } from './errors.ts';
import { refusalOf, type Service, tooSlow, unreachable } from './failures.ts';

export interface OpenCxOptions {
  /** Without a slash at the end. */
  apiUrl: string;
  apiKey: string;
  /** A whole answer may take this long, in ms; 60 s unless given. */
  deadlineMs?: number;
}

const DEADLINE_MS = 60_000;

const createdSchema = z.object({ id: z.union([z.string().min(1), z.number()]).transform(String) });

const sentSchema = z.object({
  autopilotResponse: z
    .object({ value: z.object({ error: z.unknown().optional(), content: z.string().nullish() }).nullish() })
    .nullish(),
  sessionIsHandedOff: z.boolean().nullish(),
});

// The newer API wraps what it has to say: `{ success, data: { … } }`. The older one has the same fields at the top.
const unwrap = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'data' in body && typeof body.data === 'object' && body.data !== null
    ? body.data
    : body;

const succeeded = (body: unknown): boolean =>
  !(typeof body === 'object' && body !== null && 'success' in body && body.success === false);

/** A session that OpenCX doesn't know (any more). */
class UnknownSession extends Error {}

const SERVICE: Service = { name: 'OpenCX', keySetting: 'OPENCX_API_KEY', urlSetting: 'OPENCX_API_URL' };

const SPEAKERS: Record<TranscriptLine['from'], string> = {
  customer: 'Customer',
  ai: 'AI',
  agent: 'Agent',
  bot: 'Bot',
  note: 'Internal note, not for the customer',
};

/** No line of a text can look like another speaker's. */
const indented = (text: string): string => text.trim().replaceAll('\n', '\n  ');

/**
 * Gives what its session doesn't know yet: all that was said, or what others and the customer said since its last turn.
 */
const unknownLines = ({ transcript, aiSessionId }: ReplyRequest): string[] => {
  const last = aiSessionId === null ? -1 : transcript.findLastIndex(({ from }) => from === 'ai');
  return transcript
    .slice(last + 1)
    .filter(({ text }) => text.trim() !== '')
    .map(({ from, at, text }) => `- ${SPEAKERS[from]}${at === undefined ? '' : ` (${at})`}: ${indented(text)}`);
};

/**
 * The message as the AI reads it. Only names of attachments are known here, and its own field for them wants URLs. What
 * a mail quotes is sent once: later its session knows.
 */
const messageText = (request: ReplyRequest): string => {
  const { questions, subject, leftOut, attachments, quoted, aiSessionId } = request;
  const earlier = unknownLines(request);
  const names = attachments.map(({ name, type }) => name ?? type.toLowerCase());
  return [
    ...(leftOut?.questions ? [`[Left out for their length: ${leftOut.questions} earlier messages]`] : []),
    ...(earlier.length > 0 ? [`[Said before]\n${earlier.join('\n')}`] : []),
    ...(subject !== undefined && !questions.includes(subject) ? [`[Subject: ${subject}]`] : []),
    ...questions,
    ...(names.length > 0 ? [`[Attached: ${names.join(', ')}]`] : []),
    ...(quoted && aiSessionId === null ? [`[Quoted below the email]\n${quoted}`] : []),
  ]
    .join('\n\n')
    .trim();
};

const customData = ({ customData: properties, portalId, threadId, channel }: ReplyRequest) => ({
  ...properties,
  hubspot_portal_id: portalId,
  hubspot_thread_id: threadId,
  channel,
});

/**
 * Answers with OpenCX's chat API: one session per thread, remembered before the first message goes to it, and one
 * message per burst. What OpenCX hands off, an error in place of an answer, and an empty answer are handed off: sending
 * the same message again would put it into the session twice. Its `resolveArgs` are not acted on: an agent closes a
 * thread.
 *
 * Throws {@link AiRefused} for a wrong key or address and for a request that OpenCX can't take, else {@link
 * AiUnavailable} with OpenCX's `Retry-After`; the signal's own reason once that is aborted. No error holds a word of
 * the conversation.
 */
export const createOpenCxBackend = ({ apiUrl, apiKey, deadlineMs = DEADLINE_MS }: OpenCxOptions): AiBackend => {
  const post = async (
    path: string,
    body: unknown,
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | null; text: string }> => {
    const response = await boundedFetch(`${apiUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
  };

  const call = async <Shape extends z.ZodType>(
    path: string,
    body: unknown,
    shape: Shape,
    { signal, deadline }: { signal: AbortSignal; deadline: AbortSignal },
  ): Promise<z.infer<Shape>> => {
    const answer = await post(path, body, AbortSignal.any([signal, deadline])).catch((error: unknown) => {
      signal.throwIfAborted();
      throw deadline.aborted ? tooSlow(SERVICE, deadlineMs) : unreachable(SERVICE, error);
    });
    if (answer.status === 404 && path.endsWith('/send')) throw new UnknownSession();
    if (answer.status < 200 || answer.status > 299) throw refusalOf(SERVICE, answer.status, answer.retryAfter);
    let parsed: unknown;
    try {
      parsed = JSON.parse(answer.text);
    } catch {
      // The parser's own message quotes the answer.
      throw new AiUnavailable(`OpenCX's answer is no JSON (${answer.text.length} characters)`);
    }
    if (!succeeded(parsed)) throw new AiUnavailable('OpenCX answered that it did not succeed');
    const result = shape.safeParse(unwrap(parsed));
    if (!result.success)
      throw new AiUnavailable(`OpenCX's answer has another shape than known (${fieldsOf(result.error)})`);
    return result.data;
  };

  return {
    name: 'opencx',
    async generate(request, { signal, rememberAiSession }: GenerateContext) {
      signal.throwIfAborted();
      const limits = { signal, deadline: AbortSignal.timeout(deadlineMs) };
      const custom_data = customData(request);

      const openSession = async (): Promise<string> => {
        const { id } = await call('/chat/sessions', { custom_data }, createdSchema, limits);
        await rememberAiSession(id);
        return id;
      };
      const send = async (aiSessionId: string): Promise<AiAnswer> => {
        const { name, email } = request.contact;
        const knows = aiSessionId === request.aiSessionId ? aiSessionId : null;
        const message = {
          sender: 'contact',
          message: { type: 'text', text: messageText({ ...request, aiSessionId: knows }), attachments: [] },
          contact: { ...(name === null ? {} : { name }), ...(email === null ? {} : { email }) },
          custom_data,
        };
        const path = `/chat/sessions/${encodeURIComponent(aiSessionId)}/send`;
        return toAnswer(await call(path, message, sentSchema, limits), aiSessionId);
      };

      try {
        return await send(request.aiSessionId ?? (await openSession()));
      } catch (error) {
        if (!(error instanceof UnknownSession)) throw error;
      }
      try {
        return await send(await openSession());
      } catch (error) {
        if (error instanceof UnknownSession)
          throw new AiUnavailable("OpenCX doesn't know the session that it has just opened");
        throw error;
      }
    },
  };
};

const fieldsOf = (error: z.ZodError): string =>
  error.issues.map(({ path }) => path.join('.') || 'top level').join(', ');

const toAnswer = (
  { autopilotResponse, sessionIsHandedOff }: z.infer<typeof sentSchema>,
  aiSessionId: string,
): AiAnswer => {
  const handoff = (reason: string, cause: HandoffCause): AiAnswer => ({
    action: 'handoff',
    reason,
    cause,
    aiSessionId,
  });
  if (sessionIsHandedOff) return handoff('OpenCX handed the conversation over', 'ai-decided');
  if (autopilotResponse?.value?.error) return handoff('OpenCX reported an error instead of an answer', 'ai-failed');
  const text = autopilotResponse?.value?.content?.trim();
  if (!text) return handoff('OpenCX had no answer', 'no-answer');
  return { action: 'reply', text, sources: [], confidence: null, aiSessionId };
};
