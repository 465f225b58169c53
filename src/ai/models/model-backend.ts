import { randomUUID } from 'node:crypto';
import { APICallError, type LanguageModel, NoObjectGeneratedError } from 'ai';
import type { AiAnswer, AiBackend, FileKind, ReadFile } from '../backend.ts';
import { AnswerTooLarge, boundedFetch } from '../bounded-fetch.ts';
import { mayAskBack } from '../clarifying.ts';
import { AiUnavailable, AiUnreadable } from '../errors.ts';
import { refusalOf, type Service, tooSlow, unreachable } from '../failures.ts';
import { instructionsOn } from '../instructions.ts';
import { sumOfUsage, type TokenUsage } from '../prices.ts';
import type { Ground, StepwiseAi, UseTools } from '../steps.ts';
import { handoffOfFiles, isOnlyFiles, kindsOf, unread } from '../unread-files.ts';
import { toAiAnswer } from './answer.ts';
import { type ArticleSearch, findAsked, nearIn, searchAsWanted } from './articles.ts';
import { readAsWanted } from './field-tools.ts';
import { inOneGo } from './in-one-go.ts';
import { askForStep } from './model-step.ts';
import { confidentialOf, NO_FILES } from './prompt.ts';

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
  /** How long a step may take, and an answer where it is made in one go, in ms; 40 s unless given. */
  deadlineMs?: number | undefined;
}

/** Two backends in a row, after files have waited for room, stay below the 3 min of an attempt. */
const DEADLINE_MS = 40_000;
const MAX_OUTPUT_TOKENS = 4_096;

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

/** What a step took, where its service says both. */
const usageOf = ({
  inputTokens,
  outputTokens,
}: {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
}): TokenUsage | undefined =>
  inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens };

/** The ground of an answer before the articles were looked into. */
type Begun = Omit<Ground, 'asked'> & Partial<Pick<Ground, 'asked'>>;

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
 * Each step is asked for by itself (`stepwise`), and files are read again for it; `generate` makes all of them in one
 * go, without the tools of the business.
 *
 * Throws {@link AiRefused} for a wrong key, address or request, {@link AiUnreadable} for an answer in another shape,
 * else {@link AiUnavailable} with the service's `Retry-After`; the signal's own reason once that is aborted. No error
 * holds a word of the conversation.
 */
export const createModelBackend = (options: ModelBackendOptions): AiBackend => {
  const { name, service, model, search, published = [], apiKey, takes, deadlineMs = DEADLINE_MS } = options;
  const { maxOutputTokens = MAX_OUTPUT_TOKENS, clarifyingQuestions = 1 } = options;
  const canary = randomUUID();
  const next: StepwiseAi['next'] = async (request, context) => {
    const { signal, noteStep, instructions = null, progress, offers, ...readable } = context;
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    const abortSignal = AbortSignal.any([signal, deadline]);
    const mayAsk = mayAskBack(request, clarifyingQuestions);
    const ofBusiness = instructions === null ? '' : instructionsOn(instructions, request.channel);
    // What can't be read has cost something too.
    let usage: TokenUsage | undefined;
    const ask = async (given: readonly ReadFile[], before: Begun): Promise<AiAnswer | UseTools> => {
      const ground = { ...before, asked: before.asked ?? (search === null ? [] : await findAsked(search, request)) };
      const step = await askForStep({
        ...{ model, name, request, ground, progress, offers, readable, given, mayAsk, maxOutputTokens },
        hasArticles: search !== null,
        instructions: ofBusiness,
        signal: abortSignal,
        noteUsage: (took) => {
          const known = usageOf(took);
          usage = sumOfUsage(usage, known);
          if (known) noteStep?.(known);
        },
      });
      const took = usage === undefined ? {} : { usage };
      if ('said' in step) {
        const { said, calls } = step;
        if (calls === null)
          throw new AiUnreadable(`${service.name} goes on calling tools where it has to answer`, usage);
        return { action: 'use-tools', by: name, said, calls, ground, ...took };
      }
      const answer = toAiAnswer(step.answer, {
        request,
        shown: step.shown.sources,
        usage,
        mayAsk,
        steps: progress.steps,
        instructions: ofBusiness === '' ? undefined : instructions?.version,
      });
      if (given.length === 0) return answer;
      return { ...answer, unreadFiles: kindsOf(given.filter(({ content }) => !content)) };
    };
    const askWithout = async (given: readonly ReadFile[], before: Begun): Promise<AiAnswer | UseTools> =>
      isOnlyFiles(request) && given.every(({ content }) => !content)
        ? { action: 'handoff', reason: handoffOfFiles(request), cause: 'files', aiSessionId: null }
        : await ask(given, before);
    try {
      const read =
        takes.length > 0 && readable.files ? await readable.files(takes, abortSignal) : unread(request, NO_FILES);
      const before: Begun = progress.ground ?? { canary, boundary: randomUUID() };
      if (before.noPictures) return await askWithout(read.map(withoutPicture), before);
      try {
        return await askWithout(read, before);
      } catch (error) {
        if (!refusesPictures(error, read)) throw error;
        return await askWithout(read.map(withoutPicture), { ...before, noPictures: true });
      }
    } catch (error) {
      signal.throwIfAborted();
      throw deadline.aborted ? tooSlow(service, deadlineMs) : failureOf(service, error, usage);
    }
  };
  const look: StepwiseAi['look'] = async ({ name: tool, input }, readable) => {
    if (tool !== 'searchKnowledge' || search === null) return await readAsWanted(tool, readable);
    const found = await searchAsWanted(search, input);
    return found === null ? { ok: false, why: 'the input is not what the tool takes' } : { ok: true, found };
  };
  return {
    name,
    ...(takes.length > 0 ? { readsFiles: true } : {}),
    confidential: [...confidentialOf(canary), ...(apiKey === null ? [] : [apiKey])],
    published,
    ...(search ? { near: nearIn(search) } : {}),
    stepwise: { next, look },
    generate: inOneGo({ next, look }, () => tooSlow(service, deadlineMs), deadlineMs),
  };
};
