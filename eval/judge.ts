import type { AiAnswer } from '../src/ai/backend.ts';
import type { Expectation } from './conversation.ts';

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();

/** What is wrong with the answer itself, whatever it says. */
const formFaults = (answer: AiAnswer, { language, longest, confidence }: Expectation): string[] => {
  const faults: string[] = [];
  const told = answer.language?.toLowerCase();
  const wanted = language?.toLowerCase();
  if (wanted !== undefined && told !== wanted && !told?.startsWith(`${wanted}-`)) {
    faults.push(`tells ${answer.language ?? 'no language'}, not ${language}`);
  }
  if (answer.action === 'handoff') return faults;
  if (longest !== undefined && answer.text.length > longest) {
    faults.push(`has ${answer.text.length} characters, not at most ${longest}`);
  }
  if (confidence !== undefined && (answer.confidence ?? 0) < confidence) {
    faults.push(
      answer.confidence === null
        ? 'does not tell how sure it is'
        : `is sure by ${answer.confidence}, not at least ${confidence}`,
    );
  }
  return faults;
};

/** What of an answer is not as expected, a line each; none: it is. */
export const faultsOf = (answer: AiAnswer, expected: Expectation): string[] => {
  if (answer.action !== expected.action) {
    const why = answer.action === 'handoff' ? ` (${answer.reason})` : '';
    return [`expected a ${expected.action}, got a ${answer.action}${why}`];
  }
  const said = plain(answer.action === 'reply' ? answer.text : answer.reason);
  const faults = [
    ...formFaults(answer, expected),
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
