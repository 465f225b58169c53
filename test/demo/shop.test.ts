import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type DemoShop, startShop } from '../../dev/demo/shop/shop.ts';
import { openToolbox } from '../../src/ai/tools/index.ts';
import type { Toolbox } from '../../src/ai/tools/tool.ts';
import { readToolsFile } from '../../src/config/tools-file.ts';
import { CALLER, once } from '../ai/tools/caller.ts';

let shop: DemoShop;
let toolbox: Toolbox;

beforeAll(async () => {
  shop = await startShop('demo-token');
  const secrets = { DEMO_SHOP_URL: shop.url, DEMO_SHOP_TOKEN: 'demo-token' };
  const tools = readToolsFile('dev/demo/shop/tools.yaml', secrets);
  if (Array.isArray(tools)) throw new Error(tools.join('\n'));
  const parts = { warn: () => undefined, signal: new AbortController().signal };
  ({ toolbox } = await openToolbox(tools, parts));
});
afterAll(() => shop.close());

const call = (name: string, input: object, key?: string) => toolbox.call({ name, input }, CALLER, once(key));

it('is asked for an order by the tools of its file, and shows nothing of how it was paid', async () => {
  expect(await call('orderStatus', { order: '10234' })).toEqual({
    ok: true,
    text:
      '{"order":"10234","status":"with the carrier","carrier":"Parcel Post",' +
      '"expected":"tomorrow, between 9 and 12","items":[{"name":"Desk lamp, brass"}]}',
  });
  expect(await call('orderStatus', { order: '99999' })).toMatchObject({ ok: false });
});

it('cancels an order once for each key, where it has not left', async () => {
  const input = { order: '10235', reason: 'Ordered twice' };
  const cancelled = { ok: true, text: '{"order":"10235","status":"cancelled"}' };
  expect(await call('cancelOrder', input, 'one')).toEqual(cancelled);
  expect(await call('cancelOrder', input, 'one')).toEqual(cancelled);
  expect(await call('cancelOrder', input, 'two')).toMatchObject({ ok: false });
  expect(await call('cancelOrder', { order: '10234', reason: 'x' })).toMatchObject({ ok: false });
});
