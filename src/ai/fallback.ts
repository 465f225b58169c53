import type { AiAnswer, AiBackend } from './backend.ts';
import { AiRefused, AiUnavailable, AiUnreadable } from './errors.ts';
import { sumOfUsage, type TokenUsage } from './prices.ts';
import type { Progress, StepwiseAi, UseTools } from './steps.ts';
import { isOnlyFiles } from './unread-files.ts';

const isOfTheAi = (error: unknown): error is AiRefused | AiUnavailable | AiUnreadable =>
  [AiRefused, AiUnavailable, AiUnreadable].some((kind) => error instanceof kind);

/** What was given, its usage with that of the answers before it which could not be read. */
const withUnread = <Given extends AiAnswer | UseTools>(given: Given, errors: Error[]): Given => {
  const unread = errors.flatMap((error) => (error instanceof AiUnreadable ? (error.usage ?? []) : []));
  const usage = unread.reduce<TokenUsage | undefined>(sumOfUsage, given.usage);
  return usage === undefined ? given : { ...given, usage };
};

/**
 * Those that may make the next step, in order: the one that made the last step first. An AI without steps knows nothing
 * of what was called: it is left out once something may have been changed.
 */
const ableToGoOn = (backends: readonly AiBackend[], { steps, before = [] }: Progress): AiBackend[] => {
  const last = backends.find(({ name }) => name === steps.at(-1)?.by);
  const hasChanged = [...before, ...steps.flatMap(({ calls }) => calls)].some(({ rule }) => rule !== 'reads');
  const inOrder = last === undefined ? backends : [last, ...backends.filter((other) => other !== last)];
  return inOrder.filter(({ stepwise }) => stepwise !== undefined || !hasChanged);
};

/**
 * Asks one AI after the other until one answers, anew on each attempt. A handoff is an answer too. Nothing but
 * attachments is for those that read them.
 *
 * Of an answer in steps, each goes on from what the others have called: what only the other's service understands of a
 * step is left out for it.
 *
 * The conversation's own session (`aiSessionId`) belongs to the first one; the others answer without one. Where none
 * answers, the error is that of the first which trying again may help, else of the first.
 */
export const withFallbacks = (first: AiBackend, others: readonly AiBackend[]): AiBackend => {
  if (others.length === 0) return first;
  const backends = [first, ...others];
  const untilOneAnswers = async <Given extends AiAnswer | UseTools>(
    able: readonly AiBackend[],
    signal: AbortSignal,
    ask: (backend: AiBackend) => Promise<Given>,
  ): Promise<Given> => {
    const errors: Error[] = [];
    for (const backend of able) {
      signal.throwIfAborted();
      try {
        const given = await ask(backend);
        if (backend === first && errors.length === 0) return given;
        const unowned = backend !== first && given.action !== 'use-tools' ? { ...given, aiSessionId: null } : given;
        return withUnread(unowned, errors);
      } catch (error) {
        if (!isOfTheAi(error)) throw error;
        errors.push(error);
      }
    }
    throw errors.find((error) => !(error instanceof AiRefused)) ?? errors[0];
  };
  const readers = (all: readonly AiBackend[], request: Parameters<AiBackend['generate']>[0]): AiBackend[] =>
    all.filter(({ readsFiles }) => readsFiles || !isOnlyFiles(request));
  const asked = <Context extends Parameters<AiBackend['generate']>[1]>(
    backend: AiBackend,
    request: Parameters<AiBackend['generate']>[0],
    context: Context,
  ): [typeof request, Context] =>
    backend === first
      ? [request, context]
      : [
          { ...request, aiSessionId: null },
          { ...context, rememberAiSession: async () => undefined },
        ];
  const stepwise: StepwiseAi = {
    next: (request, context) =>
      untilOneAnswers(readers(ableToGoOn(backends, context.progress), request), context.signal, (backend) => {
        const input = asked(backend, request, context);
        return backend.stepwise ? backend.stepwise.next(...input) : backend.generate(...input);
      }),
    async look(call, context) {
      for (const backend of backends) {
        const outcome = await backend.stepwise?.look(call, context);
        if (outcome) return outcome;
      }
      return null;
    },
  };
  return {
    name: backends.map(({ name }) => name).join(', then '),
    confidential: backends.flatMap(({ confidential = [] }) => confidential),
    published: [...new Set(backends.flatMap(({ published = [] }) => published))],
    ...(backends.some(({ readsFiles }) => readsFiles) ? { readsFiles: true } : {}),
    ...(first.near ? { near: first.near } : {}),
    generate: (request, context) =>
      untilOneAnswers(readers(backends, request), context.signal, (backend) =>
        backend.generate(...asked(backend, request, context)),
      ),
    ...(backends.some((backend) => backend.stepwise) ? { stepwise } : {}),
  };
};
