import type { AiAnswer, AiBackend, Readable } from '../backend.ts';
import { AiUnreadable } from '../errors.ts';
import { sumOfUsage, type TokenUsage } from '../prices.ts';
import { type FinishedCall, NO_SUCH_TOOL, type Progress, type StepwiseAi } from '../steps.ts';

/** Files are downloaded once, whatever number of steps looks at them. */
const readingOnce = ({ files }: Pick<Readable, 'files'>): Pick<Readable, 'files'> => {
  if (!files) return {};
  let read: ReturnType<typeof files> | undefined;
  return {
    files: (kinds, signal) => {
      read ??= files(kinds, signal);
      return read;
    },
  };
};

/**
 * Makes all steps of an answer here, one after the other, within `deadlineMs`: for who asks without a run. The tools of
 * the business are left out. `tooSlow`: what to throw where the time is over.
 */
export const inOneGo =
  ({ next, look }: StepwiseAi, tooSlow: () => Error, deadlineMs: number): AiBackend['generate'] =>
  async (request, context) => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = AbortSignal.any([context.signal, deadline]);
    const { customer, ticket } = context;
    const filesOnce = readingOnce(context);
    const readable = { ...(customer ? { customer } : {}), ...(ticket ? { ticket } : {}) };
    let progress: Progress = { steps: [] };
    let usage: TokenUsage | undefined;
    const withAll = (answer: AiAnswer): AiAnswer => {
      const all = sumOfUsage(usage, answer.usage);
      return all === undefined ? answer : { ...answer, usage: all };
    };
    try {
      for (;;) {
        const step = await next(request, { ...context, ...filesOnce, signal, progress, offers: [] });
        if (step.action !== 'use-tools') return withAll(step);
        const calls: FinishedCall[] = [];
        for (const { id, name, input, rule, outcome } of step.calls) {
          const call = { id, name, input, rule };
          const came = outcome ?? (await look(call, { ...readable, signal }));
          calls.push({ ...call, outcome: came ?? NO_SUCH_TOOL });
        }
        usage = sumOfUsage(usage, step.usage);
        const { by, said, ground } = step;
        progress = { ground, steps: [...progress.steps, { by, said, calls }] };
      }
    } catch (error) {
      context.signal.throwIfAborted();
      if (deadline.aborted) throw tooSlow();
      throw error instanceof AiUnreadable ? new AiUnreadable(error.message, sumOfUsage(usage, error.usage)) : error;
    }
  };
