import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { AI, callApi, createStage } from './stage.ts';

const stage = createStage();

// biome-ignore lint/suspicious/noExplicitAny: what the page gets is what the tests look into
type Asked = { status: number; body: any };

const ask = async (simulator: Simulator, method: string, path: string, body?: unknown): Promise<Asked> => {
  const response = await fetch(`${simulator.url}/playground/${path}`, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};

const ALEX = { name: 'Alex', email: 'alex@example.com' };

describe('the playground', () => {
  it('is a page that needs nothing from elsewhere', async () => {
    const simulator = await stage.simulator();
    const page = await (await fetch(simulator.url)).text();
    expect(page).toContain('<title>Threadkeeper playground</title>');
    for (const [, file] of page.matchAll(/(?:href|src)="([^":]+)"/g)) {
      expect([file, (await fetch(`${simulator.url}/${file}`)).status]).toEqual([file, 200]);
    }
    expect(page).not.toMatch(/(?:href|src)="https?:/);
  });

  it('lets one write as the customer, and shows the thread as an agent sees it', async () => {
    const simulator = await stage.simulator({ temporalUiUrl: 'http://127.0.0.1:8233/', temporalNamespace: 'demo' });
    const written = await ask(simulator, 'POST', 'messages', {
      ...ALEX,
      channel: 'email',
      text: 'Hi',
      subject: 'Help',
    });
    expect(written.status).toBe(201);
    const { threadId, messageId } = written.body;
    simulator.agentComments(threadId, { text: 'a regular', actorId: 'A-5' });
    const { body } = await ask(simulator, 'GET', `threads/${threadId}`);
    expect(body).toMatchObject({ channel: 'email', owner: 'the AI', ownedBy: 'ai' });
    expect(body.items).toEqual([
      expect.objectContaining({
        side: 'customer',
        author: 'Alex',
        text: 'Hi',
        runUrl: `http://127.0.0.1:8233/namespaces/demo/workflows/message%3A62515%3A${threadId}-${messageId}`,
      }),
      expect.objectContaining({ side: 'inside', text: 'a regular', runUrl: null }),
    ]);
    expect((await ask(simulator, 'GET', 'threads')).body).toEqual([expect.objectContaining({ id: threadId })]);
  });

  it('lets an agent take the thread over, answer, and give it back', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    expect((await ask(simulator, 'PUT', `threads/${threadId}/owner`, { owner: 'agent' })).body.ownedBy).toBe('agent');
    await ask(simulator, 'POST', `threads/${threadId}/agent-messages`, { text: 'Hello' });
    expect(simulator.messages(threadId).at(-1)).toMatchObject({ text: 'Hello', direction: 'OUTGOING' });
    await ask(simulator, 'POST', `threads/${threadId}/agent-messages`, { text: '/ai why', internal: true });
    expect(simulator.messages(threadId).at(-1)).toMatchObject({ text: '/ai why', type: 'COMMENT' });
    await ask(simulator, 'PUT', `threads/${threadId}/owner`, { owner: 'ai' });
    expect(simulator.thread(threadId).assignedTo).toBe(AI);
  });

  it('refuses what makes no sense, and says why', async () => {
    const simulator = await stage.simulator();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    for (const [method, path, body] of [
      ['POST', 'messages', { ...ALEX, text: ' ' }],
      ['POST', `threads/${threadId}/agent-messages`, {}],
      ['PUT', `threads/${threadId}/owner`, { owner: 'cat' }],
    ] as const) {
      const refused = await ask(simulator, method, path, body);
      expect([path, refused.status, typeof refused.body.problem]).toEqual([path, 400, 'string']);
    }
    expect((await ask(simulator, 'GET', 'threads/1')).status).toBe(404);
    expect((await ask(simulator, 'POST', 'messages', { ...ALEX, text: 'Hi', threadId: '1' })).status).toBe(404);
  });

  it('tells the page of every change as it happens', async () => {
    const simulator = await stage.simulator();
    const stream = await fetch(`${simulator.url}/playground/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    const { threadId } = simulator.customerWrites({ text: 'Hi' });
    expect((await reader?.read())?.value).toBe(`data: {"kind":"thread","threadId":"${threadId}"}\n\n`);
    await reader?.cancel();
  });

  it('shows a thread’s ticket with its contact', async () => {
    const simulator = await stage.simulator();
    const contactId = simulator.createContact({ email: 'kim@example.com' });
    const { threadId } = simulator.customerWrites({ channel: 'chat', text: 'Hi' });
    expect((await ask(simulator, 'GET', `threads/${threadId}`)).body.ticket).toBeNull();
    const ticketId = simulator.createTicket({ subject: 'Broken', content: 'All of it', plan: 'pro' });
    simulator.linkTicket(threadId, ticketId);
    const path = `/crm/v4/objects/ticket/${ticketId}/associations/default/contact/${contactId}`;
    expect((await callApi(simulator, 'PUT', path)).status).toBe(200);
    expect((await ask(simulator, 'GET', `threads/${threadId}`)).body.ticket).toEqual({
      id: ticketId,
      subject: 'Broken',
      content: 'All of it',
      stage: 'New',
      priority: '',
      contacts: [{ id: contactId, email: 'kim@example.com' }],
      properties: { plan: 'pro' },
    });
  });
});
