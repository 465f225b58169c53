import { COMMAND_LIST } from '../../rules/command.ts';
import { whyAnswer } from '../../rules/why-answer.ts';
import type { FollowCommandResult } from '../../runs/follow-command.ts';
import { answer, type CommandRun } from './run.ts';

/** Describes what became of the latest messages. */
export const explainRuns = async (run: CommandRun): Promise<FollowCommandResult> => {
  const runs = await run.activities.threadRuns.newestRuns('the latest messages', run.thread);
  return await answer(run, whyAnswer(runs), `described ${runs.length} messages`);
};

/** Lists the commands, after what was wrong with this one. */
export const explainCommands = async (run: CommandRun, problem: string): Promise<FollowCommandResult> =>
  await answer(run, `${problem} ${COMMAND_LIST}`, 'not understood');
