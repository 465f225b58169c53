import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { AiUnavailable } from '../../src/ai/errors.ts';
import { type Listening, listen } from '../../src/api/server.ts';
import { createCodecServer } from '../../src/temporal/codec-server.ts';
import { createPayloadCodec, dataConverterOf } from '../../src/temporal/payload-codec.ts';
import { newPayloadKey, readPayloadKeys } from '../../src/temporal/payload-keys.ts';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const PAYLOAD_KEYS = newPayloadKey(new Date());
const keys = readPayloadKeys(PAYLOAD_KEYS) ?? [];
const codec = createPayloadCodec(keys);
const TOKEN = 'a-token-of-the-codec-server';

const temporal = useTemporal();
// HubSpot announces nothing of ours: what checks a delivery is a run of its own then.
const product = useProduct(temporal, { PAYLOAD_KEYS, DELIVERY_CHECK: '100ms' }, { behaviour: { echo: 'none' } });
const { stranger } = temporal;

const QUESTION = 'Where is my order, says Hieronymus?';
const ANSWER = 'It left Rotterdam on Tuesday';
const NAME = 'Scholastica Throckmorton';
const TROUBLE = 'The AI stumbled over a pomegranate';
const WORDS = [QUESTION, ANSWER, NAME, TROUBLE, 'portal 62515 ·'];

/** Everything in it that can be read: texts, and what bytes say. */
const readable = (value: unknown): string => {
  if (typeof value === 'string') return `${value}\n`;
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString()}\n`;
  return typeof value === 'object' && value !== null ? Object.values(value).map(readable).join('') : '';
};

const isPayload = (value: object): value is Payload => 'data' in value && 'metadata' in value;
const decoded = async (value: unknown): Promise<unknown> => {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (isPayload(value)) return (await codec.decode([value]))[0];
  return Promise.all(Object.values(value).map(decoded));
};

let asked: WrittenIds;
let workflowId: string;

beforeAll(async () => {
  let attempts = 0;
  product.ai.answer = () => {
    attempts += 1;
    if (attempts === 1) throw new AiUnavailable(TROUBLE);
    return { action: 'reply', text: ANSWER, sources: [], confidence: null, aiSessionId: null };
  };
  asked = product.simulator.customerWrites({ channel: 'email', text: QUESTION, name: NAME });
  workflowId = product.workflowIdOf(asked);
});

describe('with PAYLOAD_KEYS, the product', () => {
  it('answers as always', async () => {
    const result = await product.resultOf(asked);
    const [posted] = product.postedBy(asked.threadId);
    expect(result).toEqual({ outcome: 'replied', postedMessageId: posted?.id });
    expect(posted).toMatchObject({ text: expect.stringContaining(ANSWER) });
    const check = `message:${PORTAL_ID}:${asked.threadId}-${posted?.id}`;
    expect(await product.resultOfRun(check)).toEqual({ outcome: 'delivered' });
  });

  it('answers what someone starts without the codec', async () => {
    product.simulator.setWebhookUrl(null);
    const other = product.simulator.customerWrites({ channel: 'chat', text: 'By hand' });
    const { threadId, messageId } = other;
    await stranger.workflow.start('replyToMessage', {
      workflowId: product.workflowIdOf(other),
      taskQueue: product.taskQueue,
      args: [{ portalId: PORTAL_ID, threadId, messageId }],
    });
    expect(await product.resultOf(other)).toMatchObject({ outcome: 'replied' });
  });
});

describe('a history in Temporal', () => {
  const history = (id: string) => stranger.workflow.getHandle(id).fetchHistory();

  it('shows neither question nor answer, neither names nor errors, to whoever has no key', async () => {
    const seen = readable(await history(workflowId));
    for (const words of WORDS) expect(seen).not.toContain(words);
    expect(seen).toContain('Encoded failure');
    expect(seen).toContain('AiUnavailable');
    const { raw } = await stranger.workflow.getHandle(workflowId).describe();
    for (const words of WORDS) expect(readable(raw)).not.toContain(words);
  });

  it('holds all of them for whoever has it', async () => {
    const seen = readable(await decoded(await history(workflowId)));
    for (const words of [QUESTION, ANSWER, NAME, TROUBLE]) expect(seen).toContain(words);
  });

  it.each([
    ['an activity that failed', { portalId: '999', threadId: '1', messageId: 'm' }, 'UnknownPortal', 'not configured'],
    ['the workflow itself', {}, 'InvalidInput', "input doesn't fit"],
  ])(
    'of a run that was failed by %s shows the type of the failure, and no message',
    async (_, input, type, message) => {
      const id = uniqueName('failed');
      const { taskQueue } = product;
      const failed = product.client.workflow.execute('replyToMessage', { workflowId: id, taskQueue, args: [input] });
      await expect(failed).rejects.toMatchObject({ cause: { message: expect.stringContaining(message) } });
      const seen = readable(await history(id));
      expect(seen).toContain(type);
      expect(seen).not.toContain(message);
    },
  );

  it('replays with the key and under its own id, and names the key that is missing without', async () => {
    const workflows = { ...temporal.workflows, dataConverter: dataConverterOf(keys) };
    await Worker.runReplayHistory(workflows, await history(workflowId), workflowId);
    await expect(Worker.runReplayHistory(workflows, await history(workflowId), 'another')).rejects.toThrow(
      /Encoded failure/,
    );
    const without = { ...temporal.workflows, dataConverter: dataConverterOf([]) };
    await expect(Worker.runReplayHistory(without, await history(workflowId), workflowId)).rejects.toThrow(
      new RegExp(`key \\\\?"${keys[0]?.id}\\\\?"`),
    );
  });
});

describe('the temporal command', () => {
  let server: Listening;
  beforeAll(async () => {
    const app = createCodecServer({ codec, token: TOKEN, uiOrigins: [] });
    server = await listen(app, { port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());

  const cli = async (...words: string[]): Promise<{ code: number; output: string }> => {
    const { cliPath, address } = suiteTemporal();
    try {
      const { stdout } = await promisify(execFile)(cliPath, [...words, '--address', address, '-o', 'json']);
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  };
  /** The output with every text that stands there in base64. */
  const opened = (output: string): string =>
    output.replace(/"data": "([^"]*)"/g, (_, data) => Buffer.from(data, 'base64').toString());
  const withCodec = (token: string) => ['--codec-endpoint', server.url, '--codec-auth', `Bearer ${token}`];
  const show = (...more: string[]) => cli('workflow', 'show', '--workflow-id', workflowId, ...more);

  it('shows clear text by the codec server, and none without it', async () => {
    const through = await show(...withCodec(TOKEN));
    for (const words of [QUESTION, ANSWER, NAME, TROUBLE]) expect(opened(through.output)).toContain(words);
    const plain = await show();
    expect(plain.code).toBe(0);
    for (const words of WORDS) expect(opened(plain.output)).not.toContain(words);
  });

  it('is refused with a wrong token', async () => {
    // It takes the refusal for a passing trouble, and tries until its deadline.
    const { code, output } = await show(...withCodec(`${TOKEN}-wrong`), '--command-timeout', '2s');
    expect(code).not.toBe(0);
    for (const words of WORDS) expect(opened(output)).not.toContain(words);
  });

  it('shows a run’s story, and encrypts the input of a run that it starts', async () => {
    const metadata = await cli('workflow', 'metadata', '--workflow-id', workflowId, ...withCodec(TOKEN));
    expect(metadata.output).toContain('replied');
    const other = product.simulator.customerWrites({ channel: 'chat', text: 'By hand' });
    const input = JSON.stringify({ portalId: PORTAL_ID, threadId: other.threadId, messageId: other.messageId });
    const id = uniqueName('by-hand');
    const started = ['--type', 'replyToMessage', '--task-queue', product.taskQueue, '--workflow-id', id];
    const { code } = await cli('workflow', 'execute', ...started, '--input', input, ...withCodec(TOKEN));
    expect(code).toBe(0);
    const { events } = await stranger.workflow.getHandle(id).fetchHistory();
    expect(readable(events?.[0])).not.toContain(other.messageId);
  });
});
