import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { questionsIn } from './tokens.ts';

/** OpenCX's chat API, as far as the product uses it, with an AI that says in each answer which questions it answers. */
export interface AiServer {
  url: string;
  /** While set, every call is answered with 503. */
  failing: boolean;
  /** The tokens of every message that it was sent, failed calls too. */
  asked: string[][];
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
};

/** How long a slow question takes, in ms; the same at every attempt. */
const slowness = (token: string): number => 1_500 + (Number(/\d+/.exec(token)?.[0]) % 6) * 1_000;

export const startAiServer = async (): Promise<AiServer> => {
  const asked: string[][] = [];
  let sessions = 0;
  const closing = new AbortController();
  const state = { failing: false };

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    const body = await bodyOf(request);
    if (request.url === '/chat/sessions') {
      if (state.failing) return { status: 503, body: {} };
      sessions += 1;
      return { status: 201, body: { id: `session-${sessions}` } };
    }
    const tokens = questionsIn((body as { message: { text: string } }).message.text);
    asked.push(tokens);
    if (state.failing) return { status: 503, body: {} };
    const slow = tokens.find((token) => token.endsWith('s'));
    await sleep(slow ? slowness(slow) : 50, undefined, { signal: closing.signal });
    const content = `answer to: ${tokens.join(' ')}`;
    return {
      status: 200,
      body: {
        success: true,
        data: {
          autopilotResponse: { type: 'text', value: { error: false, content }, id: '1', mightSolveUserIssue: true },
          sessionIsHandedOff: tokens.some((token) => token.endsWith('h')),
        },
      },
    };
  };

  const server = createServer((request, response) => {
    answer(request)
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      })
      // A client that was killed in the middle of its request.
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get failing() {
      return state.failing;
    },
    set failing(failing) {
      state.failing = failing;
    },
    asked,
    close: async () => {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
