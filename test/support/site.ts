import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a site answers for a path. */
export interface Page {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Sends no answer until the server is closed. */
  hangs?: true;
}

/** A web site on this machine. Its pages may be changed while it runs; what there is none of is a 404. */
export class Site {
  /** Without a slash at its end. */
  url!: string;
  /** By path; `ORIGIN` in a body stands for {@link Site.url}. */
  pages: Record<string, Page | string> = {};
  /** Every request's path, in their order. */
  readonly asked: string[] = [];
  readonly userAgents = new Set<string>();
  /** Most requests that were at work at once. */
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    this.url = `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** A sitemap of these paths. */
  sitemap(...paths: string[]): Page {
    const urls = paths.map((path) => `<url><loc>ORIGIN${path}</loc><lastmod>2026-02-01</lastmod></url>`);
    return {
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0"?><urlset>${urls.join('')}</urlset>`,
    };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.asked.push(path);
    this.userAgents.add(request.headers['user-agent'] ?? '');
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    response.once('close', () => {
      this.atOnce -= 1;
    });
    const found = this.pages[path] ?? { status: 404 };
    const page: Page = typeof found === 'string' ? { body: found } : found;
    if (page.hangs) return;
    const { status = 200, headers = {}, body = '' } = page;
    const filled = typeof body === 'string' ? body.replaceAll('ORIGIN', this.url) : body;
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'text/html', ...headers });
      response.end(filled);
    }, 5);
  }
}
