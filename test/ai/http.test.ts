import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createHttpBackend } from '../../src/ai/http.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { asking, noting } from './request.ts';

const SECRET = 'a-secret-only-for-tests';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

const ask = (aiSessionId: string | null, context = noting()) =>
  createHttpBackend({ url: `${server.url}/answer`, secret: SECRET }).generate(
    asking('Hello', { aiSessionId }),
    context,
  );

it('signs time and body of what it sends', async () => {
  server.script = () => ({ says: JSON.stringify({ action: 'handoff', reason: 'no idea' }) });
  expect(await ask(null)).toEqual({ action: 'handoff', reason: 'no idea', aiSessionId: null });
  const { headers, body = '' } = server.calls[0] ?? {};
  const timestamp = String(headers?.['x-threadkeeper-timestamp']);
  const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
  expect(headers?.['x-threadkeeper-signature']).toBe(`sha256=${expected}`);
  expect(timestamp).toMatch(/^\d{13}$/);
  expect(JSON.parse(body)).toEqual({ ...asking('Hello'), mayAskBack: true, instructions: null });
  expect(body).not.toContain(SECRET);
});

it('has a new session remembered, and a known one not', async () => {
  server.script = () => ({ says: JSON.stringify({ action: 'reply', text: 'Hi', aiSessionId: 's-1', actorId: 'A-1' }) });
  const context = noting();
  const answer = await ask(null, context);
  await ask('s-1', context);
  expect(context.remembered).toEqual(['s-1']);
  expect(answer).toEqual({ action: 'reply', text: 'Hi', sources: [], confidence: null, aiSessionId: 's-1' });
});
