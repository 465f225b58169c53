import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resources } from '../../src/processes/lifecycle.ts';

/** An AI of the business's own (`AI_BACKEND=http`), which knows what a shop is asked. */
export interface ShopAi {
  /** Where it is asked. */
  url: string;
  /** How long an answer takes, in ms: between half of it and half more. */
  delayMs: number;
  /** It answers with 503. */
  isDown: boolean;
}

const ANSWERS: [RegExp, string][] = [
  [/shipping/i, 'Standard shipping takes 2 to 4 working days. Express shipping takes one working day.'],
  [/return/i, 'You can return every item within 30 days. The label is in your order confirmation.'],
  [/gift/i, 'Gift cards are valid for three years. You enter the code at the checkout.'],
  [/password/i, 'Use the link “Forgot password” below the form. The mail comes within a few minutes.'],
];
/** So many characters are one token, as a rule of thumb. */
const CHARACTERS_PER_TOKEN = 4;
/** What the rest of the prompt of a model takes: instructions and articles. */
const PROMPT_TOKENS = 900;

const tokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

const answerTo = (question: string) => {
  const [, items] = /(\d+) items/.exec(question) ?? [];
  if (items) return { action: 'reply', text: `We ship ${items} items in ${items} days.`, confidence: 0.9 };
  const [, text] = ANSWERS.find(([about]) => about.test(question)) ?? [];
  if (text === undefined) return { action: 'handoff', reason: 'No article answers this.' };
  // It is less sure of one topic: an answer below MIN_CONFIDENCE is held back.
  return { action: 'reply', text, confidence: /password/i.test(question) ? 0.3 : 0.9 };
};

/** Starts one into `resources`. */
export const startShopAi = async (resources: Resources): Promise<ShopAi> => {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { questions = [] } = JSON.parse(body) as { questions?: string[] };
    await sleep(ai.delayMs * (0.5 + Math.random()));
    if (ai.isDown) return void response.writeHead(503).end('{}');
    const answer = answerTo(questions.join('\n'));
    const usage = { inputTokens: PROMPT_TOKENS + tokens(body), outputTokens: tokens(JSON.stringify(answer)) };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...answer, usage }));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  resources.add(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const ai: ShopAi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`,
    delayMs: 0,
    isDown: false,
  };
  return ai;
};
