import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAnthropicBackend } from '../../src/ai/anthropic.ts';
import type { AiBackend } from '../../src/ai/backend.ts';
import { AiUnavailable } from '../../src/ai/errors.ts';
import { withFallbacks } from '../../src/ai/fallback.ts';
import { createOpenAiCompatibleBackend } from '../../src/ai/openai-compatible.ts';
import type { FinishedCall, Progress, StepContext, UseTools } from '../../src/ai/steps.ts';
import type { ToolOffer } from '../../src/ai/tools/tool.ts';
import { type ModelServer, modelSays, startModelServer } from '../support/model-server.ts';
import { asking, noting } from './request.ts';

const OFFERS: ToolOffer[] = (['orderStatus', 'holdOrder'] as const).map((name) => ({
  name,
  description: 'An order',
  input: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  rule: name === 'orderStatus' ? 'reads' : 'safe',
}));
const INPUT = { order: '10234' };

let first: ModelServer;
let second: ModelServer;
beforeAll(async () => {
  [first, second] = await Promise.all([startModelServer(), startModelServer()]);
});
afterAll(() => Promise.all([first.close(), second.close()]));
beforeEach(() => {
  for (const server of [first, second]) server.calls.length = 0;
});

const models = (): [AiBackend, AiBackend] => [
  createOpenAiCompatibleBackend({ baseUrl: `${first.url}/v1`, apiKey: null, model: 'one', search: null }),
  createAnthropicBackend({ baseUrl: `${second.url}/v1`, apiKey: 'a-key-of-tests', model: 'two', search: null }),
];
const context = (progress: Progress): StepContext => ({ ...noting(), progress, offers: OFFERS });
const request = asking('Where is my order 10234?');

const nextOf = async (ai: AiBackend, progress: Progress) => {
  if (!ai.stepwise) throw new Error('This AI makes no steps.');
  return await ai.stepwise.next(request, context(progress));
};

/** The progress once the calls of a step have come to something. */
const goneOn = (progress: Progress, { by, said, calls, ground }: UseTools, text: string): Progress => ({
  ground,
  steps: [
    ...progress.steps,
    {
      by,
      said,
      calls: calls.map(({ id, name, input, rule }) => ({ id, name, input, rule, outcome: { ok: true, text } })),
    },
  ],
});

const wants = (tool: string) => ({ uses: [{ tool, input: INPUT }] });
const away = () => ({ status: 503 });
const asked = async (ai: AiBackend, progress: Progress): Promise<UseTools> => {
  const step = await nextOf(ai, progress);
  if (step.action !== 'use-tools') throw new Error('It has an answer already.');
  return step;
};

describe('an answer in steps, where an AI goes away between two of them', () => {
  it('is gone on with by the next AI, over another protocol, from what the first has called', async () => {
    const ai = withFallbacks(models()[0], [models()[1]]);
    first.script = () => wants('orderStatus');
    const step = await asked(ai, { steps: [] });
    const progress = goneOn({ steps: [] }, step, '{"status":"shipped"}');
    first.script = away;
    second.script = () => modelSays({ text: 'It has shipped.' });
    expect(await nextOf(ai, progress)).toMatchObject({ action: 'reply', text: 'It has shipped.' });
    expect(second.calls).toHaveLength(1);
    expect(second.calls[0]?.toolResults).toEqual(['{"status":"shipped"}']);
    // Both were told the same secrets of one answer.
    expect(second.calls[0]?.system).toContain(step.ground.canary);
  });

  it('stays with the AI that made the last step, also once the first is back', async () => {
    const ai = withFallbacks(models()[0], [models()[1]]);
    first.script = away;
    second.script = () => wants('orderStatus');
    const step = await asked(ai, { steps: [] });
    expect(step.by).toBe(models()[1].name);
    first.calls.length = 0;
    second.script = () => modelSays({ text: 'It has shipped.' });
    await nextOf(ai, goneOn({ steps: [] }, step, '{"status":"shipped"}'));
    expect(first.calls).toEqual([]);
    // And goes back to the first where it goes away itself.
    second.script = away;
    first.script = () => modelSays({ text: 'Shipped.' });
    expect(await nextOf(ai, goneOn({ steps: [] }, step, '{"status":"shipped"}'))).toMatchObject({ text: 'Shipped.' });
    expect(first.calls[0]?.toolResults).toEqual(['{"status":"shipped"}']);
  });

  it('has a change made once, whichever AI wants it again', async () => {
    const ai = withFallbacks(models()[0], [models()[1]]);
    first.script = () => wants('holdOrder');
    const step = await asked(ai, { steps: [] });
    const progress = goneOn({ steps: [] }, step, '{"held":true}');
    first.script = away;
    second.script = () => wants('holdOrder');
    const again = await asked(ai, progress);
    expect(again.calls).toMatchObject([{ name: 'holdOrder', outcome: { ok: true, text: '{"held":true}' } }]);
  });

  it('is not answered by an AI without steps once something may have been changed: it knows of nothing', async () => {
    const plain: AiBackend = {
      name: 'plain',
      generate: async () => ({ action: 'handoff', reason: 'asked', aiSessionId: null }),
    };
    const ai = withFallbacks(models()[0], [plain]);
    first.script = () => wants('orderStatus');
    const step = await asked(ai, { steps: [] });
    first.script = away;
    const looked = goneOn({ steps: [] }, step, '{}');
    expect(await nextOf(ai, looked)).toMatchObject({ reason: 'asked' });
    const calls = step.calls.map(
      (call): FinishedCall => ({ ...call, rule: 'safe', outcome: { ok: true, text: '{}' } }),
    );
    const { by, said, ground } = step;
    await expect(nextOf(ai, { ground, steps: [{ by, said, calls }] })).rejects.toBeInstanceOf(AiUnavailable);
    await expect(nextOf(ai, { steps: [], before: calls })).rejects.toBeInstanceOf(AiUnavailable);
  });
});
