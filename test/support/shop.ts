import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Toolbox, type ToolOutcome, ToolUnavailable } from '../../src/ai/tools/tool.ts';

/** One request that reached the shop. */
export interface ShopRequest {
  method: string;
  path: string;
  key: string | null;
}

/** A shop's API: it shows orders and cancels them, each idempotency key once. */
export interface Shop {
  url: string;
  requests: ShopRequest[];
  /** The idempotency keys under which something was cancelled, each once, with what. */
  cancelled: Map<string, string>;
  /** What to do about a request once it took effect: answer, hang, or fail. */
  react: (request: ShopRequest) => 'answer' | 'hang' | 'fail';
  close(): Promise<void>;
}

/** Starts a {@link Shop} on a free port. */
export const startShop = async (): Promise<Shop> => {
  const server = createServer((request, response) => {
    const { method = '', url: path = '' } = request;
    const key = request.headers['idempotency-key'];
    const seen = { method, path, key: typeof key === 'string' ? key : null };
    shop.requests.push(seen);
    if (method === 'POST' && seen.key !== null) shop.cancelled.set(seen.key, path);
    const reaction = shop.react(seen);
    if (reaction === 'hang') return;
    if (reaction === 'fail') return void response.writeHead(503).end();
    response.end(JSON.stringify(method === 'POST' ? { cancelled: true } : { status: 'shipped on Monday' }));
  });
  const shop: Shop = {
    url: '',
    requests: [],
    cancelled: new Map(),
    react: () => 'answer',
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  shop.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return shop;
};

const orderIn = (input: unknown): string | null => {
  const { order } = (input ?? {}) as { order?: unknown };
  return typeof order === 'string' && /^\d{1,10}$/.test(order) ? order : null;
};

const INPUT = {
  type: 'object',
  properties: { order: { type: 'string', description: 'The number of the order' } },
  required: ['order'],
  additionalProperties: false,
};

/** The shop's tools: `order_status` reads, `hold_order` changes by itself, `cancel_order` once an agent agrees. */
export const shopTools = (url: string): Toolbox => {
  const offers = [
    { name: 'order_status', description: 'Says where an order is.', input: INPUT, rule: 'reads' as const },
    { name: 'hold_order', description: 'Holds an order back.', input: INPUT, rule: 'safe' as const },
    { name: 'cancel_order', description: 'Cancels an order.', input: INPUT, rule: 'approve' as const },
  ];
  const requestOf = (name: string, order: string): [method: string, path: string] =>
    name === 'order_status' ? ['GET', `/orders/${order}`] : ['POST', `/orders/${order}/${name.split('_')[0]}`];
  return {
    offered: () => offers,
    preview({ name, input }) {
      const order = orderIn(input);
      return order === null ? null : requestOf(name, order).join(` ${url}`);
    },
    async call({ name, input }, _caller, { idempotencyKey, signal }): Promise<ToolOutcome> {
      const order = orderIn(input);
      if (order === null) return { ok: false, why: 'the input is not what the tool takes' };
      const [method, path] = requestOf(name, order);
      const headers = { 'idempotency-key': idempotencyKey };
      const response = await fetch(`${url}${path}`, { method, headers, signal });
      if (response.status >= 500) throw new ToolUnavailable('The shop can’t answer now');
      return { ok: true, text: await response.text() };
    },
  };
};
