import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the system of a tool got it. */
export interface ToolRequest {
  method: string;
  /** Path and query, as they came. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = { status?: number; headers?: Record<string, string>; json?: unknown; text?: string } | 'hang' | 'endless';

/** A system of a business that tools call. */
export interface ToolServer {
  /** Without a slash at the end. */
  url: string;
  requests: ToolRequest[];
  /** What to do; an empty object unless set. */
  answer: (request: ToolRequest) => Answer;
  close(): Promise<void>;
}

const endlessly = (response: ServerResponse): void => {
  const chunk = 'a'.repeat(64 * 1024);
  const go = (): void => {
    while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', go);
  };
  go();
};

/** Starts a {@link ToolServer} on a free port, or on one where it was before. */
export const startToolServer = async (port = 0): Promise<ToolServer> => {
  const served: ToolServer = {
    url: '',
    requests: [],
    answer: () => ({ json: {} }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString() };
      served.requests.push(received);
      const answer = served.answer(received);
      if (answer === 'hang') return;
      if (answer === 'endless') return endlessly(response.writeHead(200, { 'content-type': 'application/json' }));
      const { status = 200, json, text = json === undefined ? '' : JSON.stringify(json) } = answer;
      response.writeHead(status, { 'content-type': 'application/json', ...answer.headers }).end(text);
    });
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
};
