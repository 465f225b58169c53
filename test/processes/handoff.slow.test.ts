import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Fault } from '../../dev/simulator/api/faults.ts';
import type { Simulator, WrittenIds } from '../../dev/simulator/simulator.ts';
import { handOffRun } from '../../src/runs/hand-off.ts';
import { suiteBuild } from '../support/build.ts';
import { PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteEnvironment } from '../support/suite-environment.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();

const ASSIGNEE = 'A-1';
const TOLD = 'Our team answers you here.';

let simulator: Simulator;
let startWorker: () => Promise<Spawned>;
const taskQueue = uniqueName('handoff');
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const built = await suiteBuild();
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-handoff-'));
  closers.push(() => rm(dataDir, { recursive: true, force: true }));
  // No search finds what was made within the test: nothing but the thread and the contact tell of it.
  simulator = await testSimulator({ behaviour: { searchLagMs: 600_000 } });
  closers.push(() => simulator.close());
  const environment: Record<string, string> = {
    ...portalEnvironment(simulator, 'http://localhost/webhooks/hubspot'),
    TEMPORAL_ADDRESS: suiteTemporal().address,
    TEMPORAL_TASK_QUEUE: taskQueue,
    EMAIL_DELAY: '0s',
    HUBSPOT_ACTIVITIES_PER_SECOND: '0',
    HANDOFF_ASSIGN_TO: ASSIGNEE,
    HANDOFF_MESSAGE: TOLD,
    ...(await suiteEnvironment(dataDir)),
  };
  startWorker = async () => {
    const worker = spawnNode([join(built, 'worker.js')], environment);
    closers.push(() => worker.ends('SIGKILL'));
    await worker.says(/Worker polls/);
    return worker;
  };
});
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
};

/** A customer whose question no help article answers. */
const asks = (name: string): WrittenIds =>
  simulator.customerWrites({ channel: 'email', email: `${name}@example.org`, name, text: 'Zxqv wvut pqrs?' });

const start = async (asked: WrittenIds): Promise<void> => {
  await temporal.client.workflow.start('replyToMessage', {
    workflowId: `message:${PORTAL_ID}:${asked.threadId}-${asked.messageId}`,
    taskQueue,
    args: [{ portalId: PORTAL_ID, ...asked }],
  });
};

it('survives a kill between any two of its steps without a second ticket, contact, comment or word to the customer', async () => {
  const worker = await startWorker();
  const asked = new Map<string, WrittenIds>();
  const hanging = () => simulator.calls.filter(({ method, status }) => method !== 'GET' && status === null).length;
  /** Each write takes effect, and its answer never comes. */
  const hangs = async (
    step: string,
    match: (threadId: string) => NonNullable<Fault['match']>,
    skip = 0,
  ): Promise<void> => {
    const written = asks(step);
    asked.set(step, written);
    simulator.faults.add({ kind: 'commit-then-hang', match: match(written.threadId), skip });
    await start(written);
  };
  const on = (path: string) => (threadId: string) => ({ path: new RegExp(path.replace('THREAD', threadId)) });

  // These name no thread in their paths: one after the other, so that each meets its own.
  await hangs('contact', () => ({ route: 'createContact' }));
  await until(() => hanging() === 1);
  await hangs('ticket', () => ({ route: 'createTicket' }));
  await until(() => hanging() === 2);
  // HubSpot makes the ticket only without its associations.
  simulator.faults.add({ kind: 'status', status: 400, match: { route: 'createTicket' } });
  await hangs('association', on('/associations/default/conversation/THREAD$'));
  await until(() => hanging() === 3);
  await Promise.all([
    hangs('comment', (threadId) => ({ route: 'postMessage', path: new RegExp(threadId) })),
    hangs('told', (threadId) => ({ route: 'postMessage', path: new RegExp(threadId) }), 1),
    hangs('owner', (threadId) => ({ route: 'assignThread', path: new RegExp(threadId) })),
  ]);
  await until(() => hanging() === 6);
  await worker.ends('SIGKILL');
  await startWorker();

  for (const [step, written] of asked) {
    const { threadId, messageId } = written;
    const reply = temporal.client.workflow.getHandle(`message:${PORTAL_ID}:${threadId}-${messageId}`);
    expect([step, await reply.result()]).toMatchObject([step, { outcome: 'handed-off' }]);
    const handoff = temporal.client.workflow.getHandle(
      handOffRun.workflowId({ portalId: PORTAL_ID, ...written } as never),
    );
    const { ticketId } = await handoff.result();

    const tickets = simulator.tickets().filter(({ properties }) => properties.subject?.includes(threadId));
    const contacts = [...simulator.contacts()].filter(([, { email }]) => email === `${step}@example.org`);
    expect([step, contacts.length]).toEqual([step, 1]);
    expect([step, tickets]).toEqual([
      step,
      [expect.objectContaining({ id: ticketId, threadIds: [threadId], contactIds: [contacts[0]?.[0]] })],
    ]);
    const posted = simulator.messages(threadId).filter(({ client }) => client.clientType === 'INTEGRATION');
    expect([step, posted.filter(({ type }) => type === 'COMMENT').length]).toEqual([step, 1]);
    expect([step, posted.flatMap((item) => (item.type === 'MESSAGE' ? [item.text] : []))]).toEqual([step, [TOLD]]);
    expect([step, simulator.thread(threadId).assignedTo]).toEqual([step, ASSIGNEE]);
  }
  const made = (route: string) => simulator.ledger.filter((entry) => entry.route === route).length;
  expect({ contacts: made('createContact'), tickets: made('createTicket') }).toEqual({ contacts: 6, tickets: 6 });
});
