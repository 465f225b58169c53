import type { FollowCommandResult } from '../../runs/follow-command.ts';
import { portalSettings } from '../shared/activity-options.ts';
import { parseFollowCommand } from '../shared/input.ts';
import { CommandRun } from './steps.ts';

/**
 * Does what an agent wants of the AI on a thread: an internal comment that begins with `/ai`, or a command by hand.
 * Every other comment is skipped at the cost of one read.
 * @throws {ApplicationFailure} `InvalidInput` or `UnknownPortal`, at once.
 */
export async function followCommand(input: unknown): Promise<FollowCommandResult> {
  const asked = parseFollowCommand(input);
  const run = new CommandRun(asked, await portalSettings(asked.portalId));
  const order = await run.understand();
  if ('outcome' in order) return order;
  const { wish } = order;
  switch (wish.command) {
    case 'send':
    case 'skip':
      return await run.decide(order, { decision: wish.command });
    case 'edit':
      return await run.decide(order, { decision: 'edit', text: wish.text });
    case 'pause':
      return await run.pause(order, wish.forMs);
    case 'resume':
      return await run.resume(order);
    case 'handoff':
      return await run.handOff(order, wish.text);
    case 'why':
      return await run.why();
    case 'unknown':
      return await run.explain(wish.problem);
  }
}
