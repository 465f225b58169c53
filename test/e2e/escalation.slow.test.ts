import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { reply, useProduct } from '../support/product.ts';
import { useTemporal } from '../support/temporal.ts';

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));
const rules = join(folder, 'rules.yaml');
writeFileSync(
  rules,
  `
topics: { legal: [lawyer*] }
rules:
  - { name: Legal, when: { topics: legal }, do: handoff, assignTo: A-9 }
  - { name: VIP, when: { contact: { vip_tier: gold } }, do: approve }
  - { name: Refunds, when: { words: refund }, do: draft }
`,
);

const temporal = useTemporal();
const product = useProduct(temporal, {
  ESCALATION_RULES: rules,
  MIN_CONFIDENCE: '0.5, email=0.8',
  REQUIRE_SOURCES: 'forms=true, messenger=true',
  LOW_CONFIDENCE: 'handoff',
  TEMPORAL_UI_URL: 'https://temporal.example.com',
  OPS_TOKEN: 'a-token-of-24-characters',
});

const { answer } = product.ai;
beforeEach(() => {
  product.ai.answer = answer;
});

const ask = (text: string, changes: object = {}): WrittenIds =>
  product.simulator.customerWrites({ channel: 'chat', text, ...changes });
const sure = (confidence: number): AiAnswer => ({ ...reply('Two days.'), confidence }) as AiAnswer;
const typesOn = ({ threadId }: WrittenIds) => product.postedBy(threadId).map(({ type }) => type);
const seenOf = async (asked: WrittenIds) => {
  const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
  const { typedSearchAttributes } = await handle.describe();
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return {
    attribute: typedSearchAttributes.getAll().find(({ key }) => key.name === 'EscalationReason')?.value,
    story: currentDetails,
  };
};

it('a rule hands over what the AI was never asked, to whom the rule names', async () => {
  const asked = ask('You will hear from my lawyers');
  expect(await product.resultOf(asked)).toMatchObject({
    outcome: 'handed-off',
    reason: 'the escalation rule “Legal” holds',
    escalation: 'rule-topic',
  });
  expect(product.ai.asked).toEqual([]);
  expect(product.simulator.thread(asked.threadId).assignedTo).toBe('A-9');
  const { attribute, story } = await seenOf(asked);
  expect(attribute).toBe('rule-topic');
  expect(story).toContain('held back (rule-topic): the escalation rule “Legal” holds');
  expect(story).not.toContain('lawyers');
});

it('a rule leaves an answer as a draft', async () => {
  const asked = ask('How do I get a refund?');
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'drafted', escalation: 'rule-words' });
  expect(product.postedBy(asked.threadId)).toMatchObject([
    { type: 'COMMENT', text: expect.stringContaining('AI draft (the escalation rule “Refunds” holds):') },
  ]);
});

it('a rule about a contact keeps their answer until an agent approves', async () => {
  const contactId = product.simulator.createContact({ vip_tier: 'Gold' });
  const asked = ask('Where are you?', { contactId });
  while (typesOn(asked).length === 0) await delay(20);
  const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
  await handle.executeUpdate('decideDraft', { args: [{ decision: 'send', by: 'A-77' }] });
  expect(await product.resultOf(asked)).toMatchObject({
    outcome: 'replied',
    reason: 'approved by A-77',
    escalation: 'rule-property',
  });
  expect(typesOn(asked)).toEqual(['COMMENT', 'MESSAGE']);
});

it('an answer goes out only where the AI is as sure as its channel needs', async () => {
  product.ai.answer = () => sure(0.7);
  const chat = ask('Where are you?');
  expect(await product.resultOf(chat)).not.toHaveProperty('escalation');
  expect(typesOn(chat)).toEqual(['MESSAGE']);
  const mail = ask('Where are you?', { channel: 'email' });
  expect(await product.resultOf(mail)).toMatchObject({
    outcome: 'handed-off',
    reason: "the AI's confidence in its answer is 0.7, and email needs 0.8",
    escalation: 'low-confidence',
  });
  expect((await seenOf(mail)).attribute).toBe('low-confidence');
  // Agents have what the AI would have said, and the way to what it did.
  const [comment, ...sent] = product.postedBy(mail.threadId).map((item) => ('text' in item ? item.text : ''));
  expect(comment).toContain('The AI would have answered, which was not sent:\nTwo days.');
  const run = product.workflowIdOf(mail);
  expect(comment).toContain(`What the AI did: https://temporal.example.com/namespaces/default/workflows/${run}`);
  expect(comment).toContain('The desk: https://threadkeeper.example.com/ops');
  expect(sent.join()).not.toContain('Two days.');
  const [ticket] = product.simulator.tickets().filter(({ threadIds }) => threadIds.includes(mail.threadId));
  expect(ticket?.properties.content).toContain('The AI would have answered, which was not sent:\nTwo days.');
});

it('an answer goes out only with a source where its channel needs one', async () => {
  const asked = ask('Where are you?', { channel: 'messenger' });
  expect(await product.resultOf(asked)).toMatchObject({ outcome: 'handed-off', escalation: 'no-source' });
  const sources = [{ title: 'Where we are', path: 'where.md' }];
  product.ai.answer = () => ({ ...reply('In Ghent.'), sources }) as AiAnswer;
  const sourced = ask('Where are you?', { channel: 'messenger' });
  expect(await product.resultOf(sourced)).toMatchObject({ outcome: 'replied' });
});
