import type { AiAnswer } from '../src/ai/backend.ts';
import type { Expectation } from './conversation.ts';

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();

/** What of an answer is not as expected, a line each; none: it is. */
export const faultsOf = (answer: AiAnswer, expected: Expectation): string[] => {
  if (answer.action !== expected.action) {
    const why = answer.action === 'handoff' ? ` (${answer.reason})` : '';
    return [`expected a ${expected.action}, got a ${answer.action}${why}`];
  }
  const said = plain(answer.action === 'reply' ? answer.text : answer.reason);
  const faults = [
    ...expected.says.filter((phrase) => !said.includes(plain(phrase))).map((phrase) => `does not say "${phrase}"`),
    ...expected.never.filter((phrase) => said.includes(plain(phrase))).map((phrase) => `says "${phrase}"`),
  ];
  if (answer.action === 'reply' && expected.source.length > 0) {
    const titles = answer.sources.map(({ title }) => title);
    if (!expected.source.some((title) => titles.includes(title))) {
      faults.push(
        `names ${titles.length === 0 ? 'no source' : titles.join(', ')}, not ${expected.source.join(' or ')}`,
      );
    }
  }
  return faults;
};
