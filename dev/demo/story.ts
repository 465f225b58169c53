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
const AGENT = { id: 'A-77', email: 'dana@example.com', name: 'Dana Wells' };
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
  /** It is known what the AI does: it searches the articles alone. A model asks and hands over as it likes. */
  isForeseeable: boolean;
  /** Breaks off what is waited for. */
  ending: AbortSignal;
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
const resultOf = async ({ client, ending }: Stage, workflowId: string): Promise<ReplyToMessageResult> => {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await client.connection.withAbortSignal(ending, () => client.workflow.getHandle(workflowId).result());
    } catch (error) {
      const mayCome = (error as Error).name === 'WorkflowNotFoundError' || grpcStatus(error) === GRPC.UNAVAILABLE;
      if (!mayCome || Date.now() > deadline) throw error;
      await delay(100, undefined, { signal: ending });
    }
  }
};

const textOf = (items: ThreadItem[], id: string | undefined): string => {
  const item = items.find((candidate) => candidate.id === id);
  return item && 'text' in item ? item.text : '';
};

/** What a scene needs of the customer who begins it. */
type Customer = Parameters<Simulator['customerWrites']>[0];

/**
 * Plays conversations through the real path, webhook to reply, and shows them: the AI answers a customer from an
 * article, an agent takes over, and the AI falls silent; another customer is asked back what they mean; two ask what no
 * article answers, and agents get a ticket, while each hears so in their own language. Gives back whether it went so.
 */
export const playConversation = async (stage: Stage): Promise<boolean> => {
  const { simulator, terminal, client, portalId, uiUrl } = stage;
  const { namespace } = client.options;

  /** The customer writes; shows what became of it. */
  const play = async (message: Customer) => {
    terminal.quote('Customer', message.text);
    const startedAt = Date.now();
    const written = simulator.customerWrites(message);
    const workflowId = workflowIdOf(portalId, written);
    const result = await resultOf(stage, workflowId);
    const reply = textOf(simulator.messages(written.threadId), result.postedMessageId);
    if (reply !== '') terminal.quote(result.outcome === 'handed-off' ? 'For agents' : 'AI', reply);
    const reason = result.reason ? ` (${result.reason})` : '';
    terminal.fact('Run', `${result.outcome}${reason} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    terminal.link(runUrl(uiUrl, namespace, workflowId));
    return { ...result, ...written, reply };
  };

  /** A question for agents: shows the notice to the customer, and the ticket. Gives back whether there are both. */
  const playHandoff = async (message: Customer): Promise<boolean> => {
    const { outcome, threadId, postedMessageId } = await play(message);
    const notice = simulator
      .messages(threadId)
      .find((item) => item.type === 'MESSAGE' && item.direction === 'OUTGOING' && item.id !== postedMessageId);
    if (notice) terminal.quote('AI', textOf([notice], notice.id));
    const ticket = simulator.tickets().find(({ threadIds }) => threadIds.includes(threadId));
    if (ticket) {
      const { subject = '', hs_pipeline_stage } = ticket.properties;
      terminal.fact('Ticket', `${ticket.id}, ${stageLabel(hs_pipeline_stage)}: ${subject}`);
      terminal.link(`${stage.playgroundUrl}/#thread-${threadId}`);
    }
    return outcome === 'handed-off' && notice !== undefined && ticket !== undefined;
  };

  terminal.scene('A customer asks in live chat');
  const answered = await play({ channel: 'chat', name: 'Sam Rivera', text: 'How long does shipping take?' });

  terminal.scene('An agent takes the thread over, and the customer writes again');
  simulator.addUser(AGENT.id, AGENT.email, AGENT.name);
  simulator.assign(answered.threadId, AGENT.id);
  simulator.agentWrites(answered.threadId, { actorId: AGENT.id, text: 'Hi, I have taken over here.' });
  terminal.quote('Agent', 'Hi, I have taken over here.');
  const silenced = await play({ threadId: answered.threadId, text: 'Thank you!' });

  terminal.scene('A customer says too little: the AI asks once what is meant');
  const vague = await play({ channel: 'chat', name: 'Noa Berg', text: 'I have a question about delivery.' });
  const chosen = await play({ threadId: vague.threadId, text: '2' });
  const hasAsked = /^2\. \S/m.test(vague.reply) && chosen.outcome === 'replied' && !/^2\. \S/m.test(chosen.reply);

  terminal.scene('Another customer asks by email what no article answers');
  const flickers = 'Does the blue lamp work with a dimmer? It flickers.';
  const isHandedOff = await playHandoff({
    channel: 'email',
    name: 'Kim Lee',
    email: 'kim@example.org',
    subject: 'My lamp',
    text: flickers,
  });

  terminal.scene('So does one who writes German, and hears so in German');
  const flackert = 'Kann ich die blaue Lampe dimmen? Sie flackert.';
  const isHandedOffInGerman = await playHandoff({ channel: 'chat', name: 'Jona Vogt', text: flackert });

  const wentAsForeseen = hasAsked && isHandedOff && isHandedOffInGerman;
  return answered.outcome === 'replied' && silenced.outcome === 'skipped' && (wentAsForeseen || !stage.isForeseeable);
};
