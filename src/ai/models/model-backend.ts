import { randomUUID } from 'node:crypto';
import { APICallError, generateText, isStepCount, type LanguageModel, NoObjectGeneratedError, Output } from 'ai';
import type { AiAnswer, AiBackend, FileKind, ReadFile } from '../backend.ts';
import { AnswerTooLarge, boundedFetch } from '../bounded-fetch.ts';
import { mayAskBack } from '../clarifying.ts';
import { AiUnavailable, AiUnreadable } from '../errors.ts';
import { refusalOf, type Service, tooSlow, unreachable } from '../failures.ts';
import { instructionsOn } from '../instructions.ts';
import type { TokenUsage } from '../prices.ts';
import { handoffOfFiles, isOnlyFiles, kindsOf, unread } from '../unread-files.ts';
import { modelAnswerSchema, toAiAnswer } from './answer.ts';
import { type ArticleSearch, findAsked, nearIn, ShownArticles, searchKnowledgeTool } from './articles.ts';
import { fieldTools } from './field-tools.ts';
import { confidentialOf, conversationPrompt, NO_FILES, picturesOf, systemPrompt } from './prompt.ts';

export interface ModelBackendOptions {
  name: string;
  service: Service;
  model: LanguageModel;
  /** The articles; `null`: there are none. */
  search: ArticleSearch | null;
  /** What the articles say; nothing unless given. */
  published?: readonly string[] | undefined;
  apiKey: string | null;
  /** It takes these of files. */
  takes: readonly FileKind[];
  /** The most tokens that it may write in one step; 4,096 unless given. */
  maxOutputTokens?: number | undefined;
  /** How many clarifying questions it may ask in one matter; 1 unless given. */
  clarifyingQuestions?: number | undefined;
  /** How long a whole answer may take, its searches included, in ms; 40 s unless given. */
  deadlineMs?: number | undefined;
}

/** Two backends in a row, after files have waited for room, stay below the 3 min of an attempt. */
const DEADLINE_MS = 40_000;
const MAX_OUTPUT_TOKENS = 4_096;
/** Three searches and the answer; each record that may be read is one more. */
const MOST_STEPS = 4;

// The SDK would write its warnings to the console.
globalThis.AI_SDK_LOG_WARNINGS = false;

/** `fetch` for a provider of the SDK, whose failures are ours already: the SDK hands them through. */
export const fetchFrom =
  (service: Service): typeof fetch =>
  async (input, init) => {
    try {
      return await boundedFetch(input, init);
    } catch (error) {
      if (error instanceof AnswerTooLarge) throw new AiUnreadable(`${service.name} answers without an end`);
      throw unreachable(service, error);
    }
  };

const withStep = (
  sum: TokenUsage | undefined,
  { inputTokens, outputTokens }: { inputTokens: number | undefined; outputTokens: number | undefined },
): TokenUsage | undefined =>
  inputTokens === undefined || outputTokens === undefined
    ? sum
    : {
        inputTokens: (sum?.inputTokens ?? 0) + inputTokens,
        outputTokens: (sum?.outputTokens ?? 0) + outputTokens,
      };

/** The SDK's own errors hold the prompt and the answer, so none of them goes on, nor becomes a cause. */
const failureOf = (service: Service, error: unknown, usage: TokenUsage | undefined): Error => {
  if (error instanceof AiUnavailable || error instanceof AiUnreadable) return error;
  const { statusCode = 200, responseHeaders } = APICallError.isInstance(error) ? error : {};
  if (NoObjectGeneratedError.isInstance(error) && error.finishReason === 'length') {
    const advice = 'shorten what it is asked for, or raise LLM_MAX_OUTPUT_TOKENS';
    return new AiUnreadable(`${service.name} had not finished when it reached its limit: ${advice}`, usage);
  }
  if (statusCode >= 200 && statusCode < 300) {
    return new AiUnreadable(`${service.name} gave no answer of the form asked for`, usage);
  }
  return refusalOf(service, statusCode, responseHeaders?.['retry-after'] ?? null);
};

/** A model without eyes, or a picture that it can't take, is refused with the whole request. */
const refusesPictures = (error: unknown, given: readonly ReadFile[]): boolean =>
  given.some(({ content }) => content?.kind === 'images') &&
  APICallError.isInstance(error) &&
  [400, 413, 415, 422].includes(error.statusCode ?? 0);

const withoutPicture = (file: ReadFile): ReadFile =>
  file.content?.kind === 'images'
    ? { name: file.name, type: file.type, whyNot: "it is a picture that you can't take" }
    : file;

/**
 * Answers with a language model. The conversation goes to it as data, with what the articles say to the customer's
 * words; more of them, and records, through tools that it may call a few times. What the business asks of it is in
 * the system's part alone, and what it gives back has a fixed shape; see `systemPrompt`. A request whose pictures are
 * refused is asked once more without them. One try each: Temporal makes the next.
 *
 * Throws {@link AiRefused} for a wrong key, address or request, {@link AiUnreadable} for an answer in another shape,
 * else {@link AiUnavailable} with the service's `Retry-After`; the signal's own reason once that is aborted. No error
 * holds a word of the conversation.
 */
export const createModelBackend = (options: ModelBackendOptions): AiBackend => {
  const { name, service, model, search, published = [], apiKey, takes, deadlineMs = DEADLINE_MS } = options;
  const { maxOutputTokens = MAX_OUTPUT_TOKENS, clarifyingQuestions = 1 } = options;
  const canary = randomUUID();
  return {
    name,
    ...(takes.length > 0 ? { readsFiles: true } : {}),
    confidential: [...confidentialOf(canary), ...(apiKey === null ? [] : [apiKey])],
    published,
    ...(search ? { near: nearIn(search) } : {}),
    async generate(request, { signal, noteStep, instructions = null, ...readable }) {
      signal.throwIfAborted();
      const deadline = AbortSignal.timeout(deadlineMs);
      const abortSignal = AbortSignal.any([signal, deadline]);
      const mayAsk = mayAskBack(request, clarifyingQuestions);
      const ofBusiness = instructions === null ? '' : instructionsOn(instructions, request.channel);
      const records = fieldTools(readable);
      // This counts the steps that are over: an answer that can't be read has cost something too.
      let usage: TokenUsage | undefined;
      const ask = async (given: readonly ReadFile[]): Promise<AiAnswer> => {
        const articles = search === null ? null : new ShownArticles(search);
        const found = articles === null ? {} : { articles: await findAsked(articles, request) };
        const text = conversationPrompt(request, randomUUID(), { files: given, mayAsk, ...found });
        const { output } = await generateText({
          model,
          instructions: systemPrompt(request, canary, ofBusiness),
          messages: [{ role: 'user', content: [{ type: 'text', text }, ...picturesOf(given)] }],
          tools: { ...(articles ? { searchKnowledge: searchKnowledgeTool(articles) } : {}), ...records },
          output: Output.object({ schema: modelAnswerSchema, name: 'answer' }),
          stopWhen: isStepCount(MOST_STEPS + Object.keys(records).length),
          maxOutputTokens,
          maxRetries: 0,
          abortSignal,
          onStepEnd: (step) => {
            usage = withStep(usage, step.usage);
            const took = withStep(undefined, step.usage);
            if (took) noteStep?.(took);
          },
        });
        const answer = toAiAnswer(output, {
          request,
          shown: articles?.sources ?? new Map(),
          usage,
          mayAsk,
          instructions: ofBusiness === '' ? undefined : instructions?.version,
        });
        if (given.length === 0) return answer;
        return { ...answer, unreadFiles: kindsOf(given.filter(({ content }) => !content)) };
      };
      const askWithout = async (given: readonly ReadFile[]): Promise<AiAnswer> =>
        isOnlyFiles(request) && given.every(({ content }) => !content)
          ? { action: 'handoff', reason: handoffOfFiles(request), cause: 'files', aiSessionId: null }
          : await ask(given);
      try {
        const given =
          takes.length > 0 && readable.files ? await readable.files(takes, abortSignal) : unread(request, NO_FILES);
        try {
          return await askWithout(given);
        } catch (error) {
          if (!refusesPictures(error, given)) throw error;
          return await askWithout(given.map(withoutPicture));
        }
      } catch (error) {
        signal.throwIfAborted();
        throw deadline.aborted ? tooSlow(service, deadlineMs) : failureOf(service, error, usage);
      }
    },
  };
};
