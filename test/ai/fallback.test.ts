import { expect, it } from '@jest/globals';
import type { AiBackend } from '../../src/ai/backend.ts';
import { AiRefused, AiUnavailable, AiUnreadable } from '../../src/ai/errors.ts';
import { withFallbacks } from '../../src/ai/fallback.ts';
import type { MessageId } from '../../src/hubspot/ids.ts';
import { asking, noting } from './request.ts';

const failing = (error: Error): AiBackend => ({ name: error.name, generate: () => Promise.reject(error) });
const answering = (name: string, confidential: string[] = []): AiBackend => ({
  name,
  confidential,
  generate: async ({ aiSessionId }, { rememberAiSession }) => {
    await rememberAiSession(`${name}-session`);
    return { action: 'handoff', reason: `${name} of ${aiSessionId}`, aiSessionId: `${name}-session` };
  },
});
const reading = (backend: AiBackend): AiBackend => ({ ...backend, readsFiles: true });
const photo = { name: 'a.png', type: 'IMAGE', messageId: 'm-1' as MessageId };
const request = asking('Hello', { aiSessionId: 's-1' });

it.each([new AiUnavailable('away'), new AiUnreadable('prose'), new AiRefused('wrong key')])(
  'asks the next one after %s, without the session of the first',
  async (error) => {
    const context = noting();
    const ai = withFallbacks(failing(error), [failing(error), answering('third')]);
    expect(await ai.generate(request, context)).toEqual({
      action: 'handoff',
      reason: 'third of null',
      aiSessionId: null,
    });
    expect(context.remembered).toEqual([]);
  },
);

it('asks nobody else when the first one answers', async () => {
  const context = noting();
  const ai = withFallbacks(answering('first', ['a']), [answering('second', ['b'])]);
  expect(await ai.generate(request, context)).toMatchObject({ reason: 'first of s-1', aiSessionId: 'first-session' });
  expect(context.remembered).toEqual(['first-session']);
  expect(ai.confidential).toEqual(['a', 'b']);
});

it('counts with an answer what those before it took that could not be read', async () => {
  const unread = failing(new AiUnreadable('prose', { inputTokens: 100, outputTokens: 10 }));
  const second: AiBackend = {
    name: 'second',
    generate: async () => ({
      action: 'handoff',
      reason: 'no idea',
      aiSessionId: null,
      usage: { inputTokens: 1, outputTokens: 2 },
    }),
  };
  expect(await withFallbacks(unread, [second]).generate(request, noting())).toMatchObject({
    usage: { inputTokens: 101, outputTokens: 12 },
  });
  expect(await withFallbacks(unread, [answering('second')]).generate(request, noting())).toMatchObject({
    usage: { inputTokens: 100, outputTokens: 10 },
  });
});

it('asks nobody else after a cancellation or a bug', async () => {
  const ai = withFallbacks(failing(new TypeError('a bug')), [answering('second')]);
  await expect(ai.generate(request, noting())).rejects.toThrow('a bug');
});

it('fails with what trying again may help, where there is such an error', async () => {
  const [refused, away] = [new AiRefused('wrong key'), new AiUnavailable('away')];
  await expect(withFallbacks(failing(refused), [failing(away)]).generate(request, noting())).rejects.toBe(away);
  await expect(withFallbacks(failing(refused), [failing(refused)]).generate(request, noting())).rejects.toBe(refused);
});

it('asks about nothing but files only those that read them', async () => {
  const away = new AiUnavailable('away');
  const files = { ...request, questions: [''], attachments: [photo] };
  const first = withFallbacks(reading(failing(away)), [answering('blind')]);
  expect(first.readsFiles).toBe(true);
  await expect(first.generate(files, noting())).rejects.toBe(away);
  expect(await first.generate({ ...files, questions: ['See'] }, noting())).toMatchObject({ reason: 'blind of null' });
  const second = withFallbacks(answering('blind'), [reading(answering('seeing'))]);
  expect(await second.generate(files, noting())).toMatchObject({ reason: 'seeing of null' });
  expect(withFallbacks(answering('blind'), [answering('blind too')])).not.toHaveProperty('readsFiles');
});
