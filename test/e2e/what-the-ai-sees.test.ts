import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Payload } from '@temporalio/common';
import { type ModelServer, modelSays, startModelServer } from '../support/model-server.ts';
import { PICTURES } from '../support/pictures.ts';
import { Product } from '../support/product.ts';
import { detailsOf } from '../support/story.ts';
import { useTemporal } from '../support/temporal.ts';

const temporal = useTemporal();
const product = new Product(temporal);
let model: ModelServer;
const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-instructions-'));
beforeAll(async () => {
  const instructions = join(folder, 'tone.md');
  writeFileSync(instructions, 'Call yourself Lumi.\n');
  model = await startModelServer();
  const settings = {
    AI_BACKEND: 'openai-compatible',
    LLM_BASE_URL: `${model.url}/v1`,
    LLM_MODEL: 'scripted',
    LLM_FILES: 'text,images',
    AI_CONTACT_FIELDS: 'plan',
    AI_TICKET_FIELDS: 'tracking',
    INSTRUCTIONS_FILE: instructions,
  };
  await product.start(settings, {}, { configuredAi: true });
});
afterAll(async () => {
  await product.stop();
  await model.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  model.calls.length = 0;
});

const textsOn = (threadId: string) =>
  product.postedBy(threadId).map((item) => [item.type, 'text' in item ? item.text : '']);
const file = (name: string, bytes: Uint8Array | string) => product.simulator.file({ name, bytes: Buffer.from(bytes) });

describe('a model', () => {
  it('answers with the fields of the contact and the ticket that it may read', async () => {
    const { simulator } = product;
    const contactId = simulator.createContact({ plan: 'pro', salary: '50000' });
    const ticketId = simulator.createTicket({ tracking: 'Z-1' });
    model.script = ({ toolResults }) =>
      toolResults.length === 0
        ? {
            uses: [
              { tool: 'readCustomer', input: { fields: ['salary'] } },
              { tool: 'readTicket', input: {} },
            ],
          }
        : modelSays({
            text: `I see: ${toolResults.map((result) => Object.values(JSON.parse(result))).join(' and ')}.`,
          });
    const asked = simulator.customerWrites({ text: 'What do you know of me?', contactId, ticketId });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(textsOn(asked.threadId)).toEqual([['MESSAGE', 'I see: pro and Z-1.']]);
  });

  it('asks back once by the instructions of the business, and the run says so', async () => {
    const { simulator } = product;
    model.script = ({ user }) =>
      user.includes('You may choose "ask" now')
        ? modelSays({ action: 'ask', text: 'The floor lamp or the desk lamp?' })
        : modelSays({ action: 'ask', text: 'And which colour?' });
    const first = simulator.customerWrites({ text: 'How do I clean my lamp?' });
    expect(await product.resultOf(first)).toMatchObject({ outcome: 'replied' });
    expect(textsOn(first.threadId)).toEqual([['MESSAGE', 'The floor lamp or the desk lamp?']]);
    expect(model.calls[0]?.system).toContain('Call yourself Lumi.');
    const story = await detailsOf(temporal.client.workflow.getHandle(product.workflowIdOf(first)));
    expect(story).toMatch(/the AI asks back, by instructions [\da-f]{12}/);
    const next = simulator.customerWrites({ text: 'The one with the foot.', threadId: first.threadId });
    expect(await product.resultOf(next)).toMatchObject({
      outcome: 'handed-off',
      reason: 'the AI would ask the customer back once more',
    });
  });

  it('reads what the customer attached, and agents hear what it could not read, once', async () => {
    model.script = () => modelSays({ text: 'That is a lamp.' });
    const attachments = [
      file('a.png', PICTURES['image/png']),
      file('b.txt', 'Order 7'),
      file('Kim Example.pdf', '%PDF-'),
    ];
    const asked = product.simulator.customerWrites({ text: 'What is this?', attachments });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(model.calls).toHaveLength(1);
    expect(model.calls[0]?.pictures).toHaveLength(1);
    expect(model.calls[0]?.user).toContain('Order 7');
    expect(textsOn(asked.threadId)).toEqual([
      ['MESSAGE', 'That is a lamp.'],
      ['COMMENT', expect.stringMatching(/^The AI answered without a look into what came along \(pdf\)/)],
    ]);
    // Neither the words of a file nor its URL stand in the history.
    const { events } = await temporal.client.workflow.getHandle(product.workflowIdOf(asked)).fetchHistory();
    const payloads = (events ?? []).flatMap((event) => [
      ...(event.activityTaskScheduledEventAttributes?.input?.payloads ?? []),
      ...(event.activityTaskCompletedEventAttributes?.result?.payloads ?? []),
    ]);
    const opened = await temporal.codec.decode(payloads as Payload[]);
    const history = opened.map(({ data }) => Buffer.from(data ?? []).toString()).join();
    expect(history).toContain('What is this?');
    expect(history).not.toMatch(/Order 7|signature=/);
  });

  it('answers a message that is nothing but a picture', async () => {
    model.script = () => modelSays({ text: 'A lamp: which one do you mean?' });
    const asked = product.simulator.customerWrites({ text: '', attachments: [file('a.png', PICTURES['image/png'])] });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(textsOn(asked.threadId)).toHaveLength(1);
  });

  it('is not asked about nothing but a file that it can’t read: agents are', async () => {
    const asked = product.simulator.customerWrites({ text: '', attachments: [file('Kim.pdf', '%PDF-1.7')] });
    const reason = "the customer sent a file (pdf) that the AI can't read";
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off', reason });
    expect(model.calls).toEqual([]);
    // What agents read, and what the customer is told of it.
    expect(textsOn(asked.threadId)).toEqual([
      ['COMMENT', expect.stringContaining(reason)],
      ['MESSAGE', product.config.portals[0]?.settings.handoff.messages['*']],
    ]);
  });

  it('answers though no file can be had, and its answer stands though the comment can’t be left', async () => {
    model.script = () => modelSays({ text: 'Could you tell me more?' });
    const away = { ...file('a.txt', 'Order 7'), url: 'http://169.254.169.254/latest/meta-data' };
    product.simulator.faults.add({ kind: 'status', status: 400, match: { method: 'POST' }, skip: 1 });
    const asked = product.simulator.customerWrites({ text: 'See', attachments: [away] });
    expect(await product.resultOf(asked)).toMatchObject({ outcome: 'replied' });
    expect(textsOn(asked.threadId)).toEqual([['MESSAGE', 'Could you tell me more?']]);
  });
});
