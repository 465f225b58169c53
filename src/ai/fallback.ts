import type { AiAnswer, AiBackend } from './backend.ts';
import { AiRefused, AiUnavailable, AiUnreadable } from './errors.ts';
import { isOnlyFiles } from './unread-files.ts';

const isOfTheAi = (error: unknown): error is AiRefused | AiUnavailable | AiUnreadable =>
  [AiRefused, AiUnavailable, AiUnreadable].some((kind) => error instanceof kind);

/** The answer, its usage with that of the answers before it which could not be read. */
const withUnread = (answer: AiAnswer, errors: Error[]): AiAnswer => {
  const unread = errors.flatMap((error) => (error instanceof AiUnreadable ? (error.usage ?? []) : []));
  if (unread.length === 0) return answer;
  const all = [...unread, ...(answer.usage === undefined ? [] : [answer.usage])];
  const sum = (tokens: number[]): number => tokens.reduce((total, count) => total + count, 0);
  return {
    ...answer,
    usage: {
      inputTokens: sum(all.map(({ inputTokens }) => inputTokens)),
      outputTokens: sum(all.map(({ outputTokens }) => outputTokens)),
    },
  };
};

/**
 * Asks one AI after the other until one answers, anew on each attempt. A handoff is an answer too. Nothing but
 * attachments is for those that read them.
 *
 * The conversation's own session (`aiSessionId`) belongs to the first one; the others answer without one. Where none
 * answers, the error is that of the first which trying again may help, else of the first.
 */
export const withFallbacks = (first: AiBackend, others: readonly AiBackend[]): AiBackend => {
  if (others.length === 0) return first;
  return {
    name: [first, ...others].map(({ name }) => name).join(', then '),
    confidential: [first, ...others].flatMap(({ confidential = [] }) => confidential),
    published: [...new Set([first, ...others].flatMap(({ published = [] }) => published))],
    ...([first, ...others].some(({ readsFiles }) => readsFiles) ? { readsFiles: true } : {}),
    ...(first.near ? { near: first.near } : {}),
    async generate(request, context) {
      const errors: Error[] = [];
      const able = [first, ...others].filter(({ readsFiles }) => readsFiles || !isOnlyFiles(request));
      for (const backend of able) {
        context.signal.throwIfAborted();
        try {
          if (backend === first) return await first.generate(request, context);
          const answer = await backend.generate(
            { ...request, aiSessionId: null },
            { ...context, rememberAiSession: async () => undefined },
          );
          return withUnread({ ...answer, aiSessionId: null }, errors);
        } catch (error) {
          if (!isOfTheAi(error)) throw error;
          errors.push(error);
        }
      }
      throw errors.find((error) => !(error instanceof AiRefused)) ?? errors[0];
    },
  };
};
