import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { type Listening, listen } from '../../src/api/server.ts';
import { WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import { createCodecServer } from '../../src/temporal/codec-server.ts';
import { useProduct } from '../support/product.ts';
import { AGENT_ID, PORTAL_ID } from '../support/simulator.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { uniqueName, useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = useProduct(temporal);

// Whoever runs a message by hand where payloads are encrypted has the codec server.
const { codec } = temporal;
let codecServer: Listening;
beforeAll(async () => {
  codecServer = await listen(createCodecServer({ codec, token: undefined, uiOrigins: [] }), {
    port: 0,
    host: '127.0.0.1',
  });
});
afterAll(() => codecServer.close());

/** The `temporal` command, as docs/run-by-hand.md says it; JSON answers, and failures as well. */
const cli = async (...words: string[]): Promise<{ code: number; output: string }> => {
  const { cliPath, address, payloadKeys } = suiteTemporal();
  const decoding = payloadKeys === '' ? [] : ['--codec-endpoint', codecServer.url];
  try {
    const { stdout } = await promisify(execFile)(cliPath, [...words, '--address', address, '-o', 'json', ...decoding]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
};

const execute = (type: string, input: string, workflowId = uniqueName('by-hand')) =>
  cli(
    'workflow',
    'execute',
    '--type',
    type,
    '--task-queue',
    product.taskQueue,
    '--workflow-id',
    workflowId,
    '--input',
    input,
  );

describe('temporal workflow execute', () => {
  it('answers a message, ids as numbers or strings, as if HubSpot had announced it', async () => {
    product.simulator.setWebhookUrl(null);
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Where is my order?' });
    const input = { portalId: Number(PORTAL_ID), threadId: Number(asked.threadId), messageId: asked.messageId };
    const { code, output } = await execute('replyToMessage', JSON.stringify(input), product.workflowIdOf(asked));
    const [posted] = product.postedBy(asked.threadId);
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      status: 'COMPLETED',
      result: { outcome: 'replied', postedMessageId: posted?.id },
    });
    const { typedSearchAttributes } = await temporal.client.workflow.getHandle(product.workflowIdOf(asked)).describe();
    const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(attributes).toMatchObject({
      HubSpotPortalId: PORTAL_ID,
      HubSpotThreadId: asked.threadId,
      Channel: 'live chat',
      Outcome: 'replied',
    });
  });

  it.each([
    ['a field is missing', `{"portalId":${PORTAL_ID},"threadId":"1"}`, /messageId/],
    ['an id is no id', `{"portalId":${PORTAL_ID},"threadId":"one","messageId":"m"}`, /threadId must be digits/],
    ['it is a list', '[1,2]', /Expected one JSON object/],
  ])('fails at once, and shows what fits, when %s', async (_, input, problem) => {
    const { code, output } = await execute('replyToMessage', input);
    expect(code).not.toBe(0);
    expect(output).toMatch(problem);
    expect(output).toMatch(/Expected one JSON object such as/);
  });

  it('fails at once for a portal that is not configured, and names those that are', async () => {
    const { code, output } = await execute('replyToMessage', '{"portalId":"999","threadId":"1","messageId":"m"}');
    expect(code).not.toBe(0);
    expect(output).toMatch(new RegExp(`Portal 999 is not configured.*Known: ${PORTAL_ID}`));
  });

  it('fails at once for a type that no one registered, and lists the known ones', async () => {
    const { code, output } = await execute('answerMessage', '{}');
    expect(code).not.toBe(0);
    for (const type of WORKFLOW_TYPES) expect(output).toContain(type);
    expect(output).toContain('There is no workflow type answerMessage');
  });
});

describe('a run in the Temporal Web UI', () => {
  const details = async (workflowId: string): Promise<string> => {
    const { output } = await cli('workflow', 'metadata', '--workflow-id', workflowId);
    return JSON.parse(output).queryResult[0].currentDetails;
  };
  const summaries = async (workflowId: string): Promise<(string | undefined)[]> => {
    const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
    const told = (events ?? [])
      .filter(
        ({
          activityTaskScheduledEventAttributes: queued,
          markerRecordedEventAttributes: local,
          timerStartedEventAttributes: timer,
        }) => Boolean(queued ?? local ?? timer),
      )
      .flatMap(({ userMetadata }) => userMetadata?.summary ?? []);
    return (await codec.decode(told as Payload[])).map(({ data }) => JSON.parse(Buffer.from(data ?? '').toString()));
  };

  it('says in one line portal, thread, message, channel and outcome, and gives each activity and timer a summary', async () => {
    product.simulator.setWebhookUrl(product.config.webhookPublicUrl, `${product.apiUrl}/webhooks/hubspot`);
    const asked = product.simulator.customerWrites({ channel: 'email', text: 'Hi' });
    await product.resultOf(asked);
    const workflowId = product.workflowIdOf(asked);
    const [line] = (await details(workflowId)).split('\n');
    expect(line).toBe(
      `portal ${PORTAL_ID} · thread ${asked.threadId} · message ${asked.messageId} · email → **replied**`,
    );
    expect(await summaries(workflowId)).toEqual([
      `message ${asked.messageId}`,
      'email: wait for a correction',
      'owner and messages before asking the AI',
      'one question on email',
      'reply on email',
    ]);
  });

  it('says why it was skipped', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'Hi', assignedTo: AGENT_ID });
    await product.resultOf(asked);
    const [line] = (await details(product.workflowIdOf(asked))).split('\n');
    expect(line).toBe(
      `portal ${PORTAL_ID} · thread ${asked.threadId} · message ${asked.messageId} · live chat → **skipped: ` +
        'owned-by-human**',
    );
  });

  it('holds none of the customer’s words in what is never encrypted', async () => {
    const asked = product.simulator.customerWrites({ channel: 'chat', text: 'My password is hunter2' });
    await product.resultOf(asked);
    const description = await temporal.client.workflow.getHandle(product.workflowIdOf(asked)).describe();
    expect(JSON.stringify(description.raw)).not.toContain('hunter2');
  });
});
