import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { ReplyToMessageResult } from '../../src/runs/reply-to-message.ts';
import { replyToMessageRun } from '../../src/runs/reply-to-message.ts';
import { GRPC, grpcStatus } from '../../src/temporal/grpc-status.ts';
import { stageLabel } from '../simulator/pipelines.ts';
import type { Simulator, ThreadItem, WrittenIds } from '../simulator/simulator.ts';
import { runUrl } from './playground/run-url.ts';
import type { Terminal } from './terminal.ts';

/** An agent of the simulated inbox. */
const AGENT = 'A-77';
/** A run takes part of a second; a machine under load gets a minute. */
const PATIENCE_MS = 60_000;

export interface Stage {
  simulator: Simulator;
  client: Client;
  portalId: string;
  /** Base of the Temporal Web UI. */
  uiUrl: string;
  /** The page, without a slash at the end. */
  playgroundUrl: string;
  terminal: Terminal;
}

const workflowIdOf = (portalId: string, { threadId, messageId }: WrittenIds): string =>
  replyToMessageRun.workflowId({
    portalId: portalId as PortalId,
    threadId: threadId as ThreadId,
    messageId: messageId as MessageId,
  });

/**
 * The result of the run that the webhook starts: it may not exist yet, and Temporal's server may just be starting
 * again.
 */
const resultOf = async ({ client }: Stage, workflowId: string): Promise<ReplyToMessageResult> => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await client.workflow.getHandle(workflowId).result();
    } catch (error) {
      const mayCome = (error as Error).name === 'WorkflowNotFoundError' || grpcStatus(error) === GRPC.UNAVAILABLE;
      if (!mayCome || Date.now() > deadline) throw error;
      await delay(100);
    }
  }
};

const textOf = (items: ThreadItem[], id: string | undefined): string => {
  const item = items.find((candidate) => candidate.id === id);
  return item && 'text' in item ? item.text : '';
};

/**
 * Plays conversations through the real path, webhook to reply, and shows them: the AI answers a customer from an
 * article, an agent takes over, and the AI falls silent; another customer asks what no article answers, and agents get
 * a ticket. Gives back whether it went so.
 */
export const playConversation = async (stage: Stage): Promise<boolean> => {
  const { simulator, terminal, client, portalId, uiUrl } = stage;
  const { namespace } = client.options;

  const showRun = async (written: WrittenIds, startedAt: number): Promise<ReplyToMessageResult> => {
    const workflowId = workflowIdOf(portalId, written);
    const result = await resultOf(stage, workflowId);
    const reply = textOf(simulator.messages(written.threadId), result.postedMessageId);
    if (reply !== '') terminal.quote('AI', reply);
    const reason = result.reason ? ` (${result.reason})` : '';
    terminal.fact('Run', `${result.outcome}${reason} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    terminal.link(runUrl(uiUrl, namespace, workflowId));
    return result;
  };

  terminal.scene('A customer asks in live chat');
  const question = 'How long does shipping take?';
  terminal.quote('Customer', question);
  const asked = Date.now();
  const first = simulator.customerWrites({ channel: 'chat', name: 'Sam Rivera', text: question });
  const answered = await showRun(first, asked);

  terminal.scene('An agent takes the thread over, and the customer writes again');
  simulator.assign(first.threadId, AGENT);
  simulator.agentWrites(first.threadId, { actorId: AGENT, text: 'Hi, I have taken over here.' });
  terminal.quote('Agent', 'Hi, I have taken over here.');
  terminal.quote('Customer', 'Thank you!');
  const wroteAgain = Date.now();
  const second = simulator.customerWrites({ threadId: first.threadId, text: 'Thank you!' });
  const silenced = await showRun(second, wroteAgain);

  terminal.scene('Another customer asks by email what no article answers');
  const demand = 'My parcel came without the blue cable, please send me one.';
  terminal.quote('Customer', demand);
  const wrote = Date.now();
  const third = simulator.customerWrites({ channel: 'email', name: 'Kim Lee', email: 'kim@example.org', text: demand });
  const handedOff = await showRun(third, wrote);
  const notice = simulator
    .messages(third.threadId)
    .find((item) => item.type === 'MESSAGE' && item.direction === 'OUTGOING' && item.id !== handedOff.postedMessageId);
  if (notice) terminal.quote('AI', textOf([notice], notice.id));
  const ticket = simulator.tickets().find(({ threadIds }) => threadIds.includes(third.threadId));
  if (ticket) {
    const { subject = '', hs_pipeline_stage } = ticket.properties;
    terminal.fact('Ticket', `${ticket.id}, ${stageLabel(hs_pipeline_stage)}: ${subject}`);
    terminal.link(`${stage.playgroundUrl}/#thread-${third.threadId}`);
  }

  return (
    answered.outcome === 'replied' &&
    silenced.outcome === 'skipped' &&
    handedOff.outcome === 'handed-off' &&
    ticket !== undefined
  );
};
