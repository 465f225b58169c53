import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startShop } from '../../dev/demo/shop/shop.ts';
import { withEmbeddedDatabase } from '../support/embedded-database.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type ModelServer, modelSays, startModelServer } from '../support/model-server.ts';
import { portalEnvironment, testSimulator } from '../support/simulator.ts';
import { spawnNode } from '../support/spawned.ts';

let model: ModelServer;
let folder: string;
beforeAll(async () => {
  model = await startModelServer();
  folder = await mkdtemp(join(tmpdir(), 'threadkeeper-shops-'));
  // It looks the order up that it is asked for, and says what it was told.
  model.script = ({ user, toolResults: [found] }) => {
    const order = /order (\d{5})/.exec(user)?.[1];
    if (order && found === undefined) return { uses: [{ tool: 'orderStatus', input: { order } }] };
    return modelSays({ text: found === undefined ? 'It takes two days.' : `It is ${JSON.parse(found).status}.` });
  };
});
afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true, force: true });
});

const withModel = () => ({
  ...{ AI_BACKEND: 'openai-compatible', LLM_BASE_URL: `${model.url}/v1`, LLM_MODEL: 'scripted', LLM_API_KEY: '' },
  ...{ PORT: '0', QUIET_PERIOD: '0s' },
});
const QUESTION = 'Where is my order 10234?';
const ANSWER = 'It is with the carrier.';

it('npm run demo has a shop, where its AI looks an order up', async () => {
  const demo = spawnNode(['dev/demo.ts'], { TMPDIR: folder, ...withModel() });
  try {
    const [, playground] = await demo.says(/Playground\s+(\S+)/);
    await demo.says(/Shop\s+http\S+ {2}the AI looks orders up there: ask where order 10234 is/);
    await demo.says(/It stays up/);
    const asked = await fetch(`${playground}/playground/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: QUESTION, channel: 'chat' }),
    });
    const { threadId } = (await asked.json()) as { threadId: string };
    await eventually(async () => {
      const state = await fetch(`${playground}/playground/state?thread=${threadId}`);
      expect(await state.text()).toContain(ANSWER);
    });
    expect(await demo.ends('SIGINT')).toBe(0);
  } finally {
    await demo.ends('SIGKILL');
  }
});

it('npm start gives its AI the tools of TOOLS_FILE', async () => {
  const [shop, simulator, port] = await Promise.all([startShop('a-token'), testSimulator(), freePort()]);
  const publicUrl = `http://localhost:${port}/webhooks/hubspot`;
  simulator.setWebhookUrl(publicUrl);
  const product = spawnNode(['src/start.ts'], {
    ...portalEnvironment(simulator, publicUrl),
    ...{
      ...withModel(),
      PORT: String(port),
      DATA_DIR: await withEmbeddedDatabase(await mkdtemp(join(folder, 'start-'))),
    },
    ...{ TOOLS_FILE: 'dev/demo/shop/tools.yaml', DEMO_SHOP_URL: shop.url, DEMO_SHOP_TOKEN: 'a-token' },
  });
  try {
    await product.says(/API listens/);
    const { threadId } = simulator.customerWrites({ channel: 'chat', text: QUESTION });
    await eventually(async () =>
      expect(simulator.messages(threadId).map((item) => 'text' in item && item.text)).toContain(ANSWER),
    );
    expect(await product.ends('SIGTERM')).toBe(0);
  } finally {
    await product.ends('SIGKILL');
    await Promise.all([simulator.close(), shop.close()]);
  }
});
