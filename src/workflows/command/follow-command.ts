import type { FirstRead } from '../../activities/first-reads.ts';
import type { FollowCommandInput, FollowCommandResult } from '../../runs/follow-command.ts';
import { portalSettings } from '../shared/activity-options.ts';
import { readFirst, stepsOfRun } from '../shared/first-read.ts';
import { parseFollowCommand } from '../shared/input.ts';
import { decideDraft } from './decide-draft.ts';
import { explainCommands, explainRuns } from './explain.ts';
import { handOffThread } from './hand-off-thread.ts';
import { pause } from './pause.ts';
import { resume } from './resume.ts';
import { CommandRun } from './run.ts';
import { understand } from './understand.ts';

const readComment = async (asked: FollowCommandInput): Promise<Pick<FirstRead, 'settings' | 'message'>> => {
  const steps = 'messageId' in asked ? stepsOfRun() : 'single';
  return 'messageId' in asked && steps !== 'single'
    ? await readFirst(asked, `comment ${asked.messageId}`, { steps })
    : { settings: await portalSettings(asked.portalId) };
};

/**
 * Does what an agent wants of the AI on a thread: an internal comment that begins with `/ai`, or a command by hand.
 * Every other comment is skipped at the cost of one read.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function followCommand(input: unknown): Promise<FollowCommandResult> {
  const asked = parseFollowCommand(input);
  const { settings, message } = await readComment(asked);
  const run = new CommandRun(asked, settings);
  const order = await understand(run, message);
  if ('outcome' in order) return order;
  const { wish } = order;
  switch (wish.command) {
    case 'send':
    case 'skip':
      return await decideDraft(run, order, { decision: wish.command });
    case 'edit':
      return await decideDraft(run, order, { decision: 'edit', text: wish.text });
    case 'pause':
      return await pause(run, order, wish.forMs);
    case 'resume':
      return await resume(run, order);
    case 'handoff':
      return await handOffThread(run, order, wish.text);
    case 'why':
      return await explainRuns(run);
    case 'unknown':
      return await explainCommands(run, wish.problem);
  }
}
