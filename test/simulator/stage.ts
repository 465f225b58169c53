import { afterEach } from '@jest/globals';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../dev/simulator/simulator.ts';
import { type Receiver, startReceiver } from './webhook-receiver.ts';

export const SECRET = 'a-client-secret';
export const TOKEN = 'pat-eu1-test';
export const AI = 'A-777';
export const APP_ID = '2438486';

export const THREADS = '/conversations/v3/conversations/threads';
export const assigneePath = (threadId: string): string =>
  `/conversations/conversations/v3/threads/${threadId}/assignee`;

/** What the API answered. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the API answers is what the tests look into
  body: any;
}

/** Starts simulators and receivers for one test file, and closes them after each test. */
export const createStage = () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });
  return {
    simulator: async (options: Partial<SimulatorOptions> = {}): Promise<Simulator> => {
      const simulator = await startSimulator({
        portalId: '62515',
        appId: APP_ID,
        clientSecret: SECRET,
        accessToken: TOKEN,
        aiActorId: AI,
        webhookUrl: null,
        ...options,
      });
      closers.push(simulator.close);
      return simulator;
    },
    receiver: async (): Promise<Receiver> => {
      const receiver = await startReceiver();
      closers.push(receiver.close);
      return receiver;
    },
  };
};

/** One call of the API with the right token. */
export const callApi = async (
  simulator: Simulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> => {
  const response = await fetch(simulator.url + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
};

/** A message that the API takes, on the thread's own channel. */
export const replyTo = (simulator: Simulator, threadId: string, changes: Record<string, unknown> = {}) => {
  const { originalChannelId, originalChannelAccountId } = simulator.thread(threadId);
  return {
    type: 'MESSAGE',
    text: 'Hello',
    senderActorId: AI,
    channelId: originalChannelId,
    channelAccountId: originalChannelAccountId,
    recipients: [{ deliveryIdentifiers: [{ type: 'HS_EMAIL_ADDRESS', value: 'someone@example.com' }] }],
    attachments: [],
    ...changes,
  };
};
