import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import type { ThreadItem } from '../../dev/simulator/simulator.ts';
import { Resources } from '../../src/processes/lifecycle.ts';
import type { ReplyToMessageResult } from '../../src/runs/reply-to-message.ts';
import { type ModelCall, modelSays, startModelServer } from '../support/model-server.ts';
import { PUBLIC_URL } from '../support/product.ts';
import { startShop } from '../support/shop.ts';
import { PORTAL_ID, portalEnvironment, testSimulator } from '../support/simulator.ts';
import { type Spawned, spawnNode } from '../support/spawned.ts';
import { suiteEnvironment } from '../support/suite-environment.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const resources = new Resources();
afterAll(() => resources.close());

/** By the number of results that it has seen, whichever step that is. */
const script = ({ toolResults }: Pick<ModelCall, 'toolResults'>) => {
  const uses = (tool: string) => ({ uses: [{ tool, input: { order: '10234' } }] });
  if (toolResults.length === 0) return uses('order_status');
  if (toolResults.length === 1) return uses('hold_order');
  return modelSays({ text: 'It shipped on Monday, and the rest of it is held back now.' });
};

/** A conversation during which the worker is killed once at each step, while the step's own system is at work. */
const killedAtEachStep = async (backend: 'openai-compatible' | 'anthropic') => {
  const dataDir = await mkdtemp(join(tmpdir(), 'threadkeeper-killed-'));
  const [model, shop, simulator] = await Promise.all([startModelServer(), startShop(), testSimulator()]);
  let worker: Spawned | undefined;
  resources.add(() => rm(dataDir, { recursive: true, force: true }));
  resources.add(async () => void (await Promise.all([model.close(), shop.close(), simulator.close()])));
  resources.add(async () => void (await worker?.ends('SIGKILL')));

  const { address, workflowBundlePath } = suiteTemporal();
  const taskQueue = uniqueName('killed');
  const environment = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TASK_QUEUE: taskQueue,
    ...portalEnvironment(simulator, PUBLIC_URL),
    ...{ QUIET_PERIOD: '0s', DELIVERY_CHECK: '0s', CATCH_UP_INTERVAL: '0s', HUBSPOT_ACTIVITIES_PER_SECOND: '0' },
    ...{ AI_BACKEND: backend, LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'scripted', LLM_API_KEY: 'a-key-of-tests' },
    ...(await suiteEnvironment(dataDir)),
  };
  const start = (): void => {
    worker = spawnNode(['test/support/tool-worker.ts', shop.url, workflowBundlePath], environment);
  };
  const killed: string[] = [];
  /** Kills the worker the first time that this step is reached: the step is over there, and nobody hears of it. */
  const killAt = (step: string): boolean => {
    if (killed.includes(step)) return false;
    killed.push(step);
    void worker?.ends('SIGKILL').then(start);
    return true;
  };
  model.script = (call) => (killAt(`model ${call.toolResults.length}`) ? 'hang' : script(call));
  shop.react = ({ method }) => (killAt(`shop ${method}`) ? 'hang' : 'answer');

  start();
  await worker?.says(/Worker polls/);
  const { threadId, messageId } = simulator.customerWrites({ channel: 'chat', text: 'Where is my order 10234?' });
  const workflowId = `message:${PORTAL_ID}:${threadId}-${messageId}`;
  const run = await temporal.client.workflow.start('replyToMessage', {
    ...{ workflowId, taskQueue, args: [{ portalId: PORTAL_ID, threadId, messageId }] },
  });
  const result = (await run.result()) as ReplyToMessageResult;
  const posted = simulator.messages(threadId).filter(({ client }) => client.clientType === 'INTEGRATION');
  const asked = model.calls.map(({ toolResults }) => toolResults.length);
  return { result, posted, killed, asked, shop, history: await run.fetchHistory(), workflowId };
};

it.each(['openai-compatible', 'anthropic'] as const)(
  'answers by tools while its worker is killed at each step, by %s: no finished step is repeated',
  async (backend) => {
    const { result, posted, killed, asked, shop, history, workflowId } = await killedAtEachStep(backend);
    expect(killed).toEqual(['model 0', 'shop GET', 'model 1', 'shop POST', 'model 2']);
    expect(result).toMatchObject({ outcome: 'replied' });
    expect(posted.map((item: ThreadItem) => 'text' in item && item.text)).toEqual([
      'It shipped on Monday, and the rest of it is held back now.',
    ]);
    // Each step twice: when its worker was killed, and after. None once it was over.
    expect(asked).toEqual([0, 0, 1, 1, 2, 2]);
    expect(shop.requests.map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'POST']);
    // The shop was asked to hold the order by one key alone.
    expect([...shop.cancelled.values()]).toEqual(['/orders/10234/hold']);
    expect([...shop.cancelled.keys()]).toEqual([expect.stringContaining(`${workflowId}/`)]);
    const scheduled = (history.events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    expect(scheduled.filter((name) => name === 'generateReply' || name === 'callTool')).toEqual([
      'generateReply',
      'callTool',
      'generateReply',
      'callTool',
      'generateReply',
    ]);
  },
);
