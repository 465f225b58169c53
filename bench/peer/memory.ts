import pMap from 'p-map';
import { answer, createAnswering, keyOf, type Question } from './answering.ts';
import { serveEndpoint } from './endpoint.ts';
import { CONCURRENCY, readPeerSettings } from './settings.ts';

// The floor: events in this process's memory, and gone with it. Nobody should, many do.
const settings = readPeerSettings();
const answering = createAnswering(settings);
const seen = new Map<string, Question>();
const waiting: Question[] = [];

serveEndpoint(settings, (asked) => {
  for (const question of asked) {
    const key = keyOf(question);
    if (seen.has(key)) continue;
    seen.set(key, question);
    waiting.push(question);
  }
});

const next = async function* (): AsyncGenerator<Question> {
  for (;;) {
    const question = waiting.shift();
    if (question) yield question;
    else await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const withRetries = async (question: Question): Promise<void> => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    try {
      await answer(answering, question);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};
if (settings.work) await pMap(next(), withRetries, { concurrency: CONCURRENCY });
