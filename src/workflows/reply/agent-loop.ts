import type { Answered } from '../../activities/ai/ai.ts';
import type { AiAnswer, ReplyRequest } from '../../ai/backend.ts';
import type { Progress } from '../../ai/steps.ts';
import { callsInWords, MOST_STEPS, wishesInWords, withinRoom } from '../../rules/replying/agent-steps.ts';
import type { Question, ReplyRun } from './run.ts';
import { askerIn, makeCalls } from './tool-calls.ts';

/**
 * Asks the AI step by step: each of its steps is an activity of its own, and so is each call that it wants, so that a
 * crash repeats neither. Both are broken off where someone else touches the thread. `null`: that happened.
 */
export const answerInSteps = async (
  run: ReplyRun,
  question: Question,
  request: ReplyRequest,
  summary: string,
): Promise<Answered | null> => {
  let progress: Progress = { steps: [], ...(run.changes.length === 0 ? {} : { before: run.changes }) };
  let held = false;
  let startedAt = Date.now();
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const { aiCalls } = step === 1 ? run.calls.short : run.calls.shortSince(startedAt);
    const what = step === 1 ? summary : `${summary}, step ${step}`;
    const given = await run.threadChanges.cancelOnChange(() =>
      aiCalls.generateReply(what, { ...request, agent: progress }),
    );
    if (given?.spent) run.story.spent(given.spent);
    if (given?.action !== 'use-tools') return given && withCalls(given, progress);
    run.story.step(`the AI wants to ${wishesInWords(given.calls)}`);
    held ||= given.held === true;
    const leave = { level: run.level, onlyDrafts: run.onlyDrafts !== null || held };
    const begunAt = Date.now();
    const made = await makeCalls(run, given, { question, who: askerIn(request), leave });
    // An agent may take a day to agree: that is not the AI's time.
    startedAt += Date.now() - begunAt;
    if (made === null) return null;
    if (!Array.isArray(made)) return withCalls(made, progress);
    const before = progress.steps.flatMap(({ calls }) => calls);
    const outcomes = withinRoom(
      made.map(({ outcome }) => outcome),
      before,
    );
    const calls = made.map((call, index) => ({ ...call, outcome: outcomes[index] ?? call.outcome }));
    const { by, said, ground = progress.ground } = given;
    progress = { ...progress, ...(ground ? { ground } : {}), steps: [...progress.steps, { by, said, calls }] };
  }
  return withCalls(
    { action: 'handoff', reason: 'the AI finds no end', cause: 'ai-failed', aiSessionId: null },
    progress,
  );
};

const withCalls = <Given extends AiAnswer>(answer: Given, { steps }: Progress): Given => {
  const called = callsInWords(steps.flatMap(({ calls }) => calls));
  return called.length === 0 ? answer : { ...answer, called };
};
