import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An order as the shop's API gives it. The tools file leaves out what is nobody else's business. */
interface Order {
  order: string;
  status: string;
  carrier: string | null;
  expected: string | null;
  items: { name: string; price: number }[];
  cardEndsWith: string;
}

const ORDERS: readonly Order[] = [
  {
    order: '10234',
    status: 'with the carrier',
    carrier: 'Parcel Post',
    expected: 'tomorrow, between 9 and 12',
    items: [{ name: 'Desk lamp, brass', price: 59 }],
    cardEndsWith: '4242',
  },
  {
    order: '10235',
    status: 'being packed',
    carrier: null,
    expected: 'in three days',
    items: [
      { name: 'Floor lamp, oak', price: 149 },
      { name: 'Bulb, warm white', price: 7 },
    ],
    cardEndsWith: '1881',
  },
  { order: '10236', status: 'delivered', carrier: 'Parcel Post', expected: null, items: [], cardEndsWith: '0005' },
];

/** The demo's shop, with an API that tools call. */
export interface DemoShop {
  /** Without a slash at its end. */
  url: string;
  close(): Promise<void>;
}

/**
 * Starts the shop on a free port of this machine. `GET /orders/{order}` shows an order, `POST /orders/{order}/cancel`
 * cancels one that has not left: once for each `Idempotency-Key`. Both want the token.
 */
export const startShop = async (token: string): Promise<DemoShop> => {
  const orders = new Map(ORDERS.map((order) => [order.order, { ...order }]));
  const done = new Map<string, { status: number; json: object }>();
  const cancel = (order: Order): { status: number; json: object } => {
    if (order.status !== 'being packed') return { status: 409, json: { error: 'It has left already' } };
    order.status = 'cancelled';
    return { status: 200, json: order };
  };
  const answerTo = ({ method = '', url = '', headers }: IncomingMessage): { status: number; json: object } => {
    if (headers.authorization !== `Bearer ${token}`) return { status: 401, json: { error: 'No token' } };
    const [, number = '', action] = /^\/orders\/(\d{5})(\/cancel)?$/.exec(url) ?? [];
    const order = orders.get(number);
    if (!order) return { status: 404, json: { error: 'No such order' } };
    if (!action) return method === 'GET' ? { status: 200, json: order } : { status: 405, json: {} };
    if (method !== 'POST') return { status: 405, json: {} };
    const key = `${number} ${headers['idempotency-key']}`;
    const answer = done.get(key) ?? cancel(order);
    done.set(key, answer);
    return answer;
  };
  const server = createServer((request, response) => {
    request.resume();
    const { status, json } = answerTo(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
