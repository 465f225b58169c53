import { stringify } from 'yaml';
import type { TestQuestionInput, TestQuestionResult } from '../../runs/test-question.ts';

const LONGEST_NAME = 80;

/** A question in one short line. */
const nameOf = (question: string): string => {
  const line = question.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME).toWellFormed().trimEnd()}…` : line;
};

/**
 * A tried question as a file for `npm run eval -- FILE` (eval/README.md has the format). It expects what came of it:
 * whoever finds that wrong corrects it there, or adds what the answer has to say.
 */
export const evalCase = ({ channel, question }: TestQuestionInput, result: TestQuestionResult): string => {
  const { would, text, sources, language } = result;
  const isReply = text !== '' && would !== 'handoff' && would !== 'no-answer';
  const titles = sources.map(({ title }) => title);
  const expected = {
    action: isReply ? 'reply' : 'handoff',
    ...(isReply && titles.length > 0 ? { source: titles.length === 1 ? titles[0] : titles } : {}),
    ...(isReply && language !== undefined && language.length >= 2 ? { language } : {}),
  };
  return stringify({
    conversations: [{ name: nameOf(question), channel, turns: [{ customer: question, expect: expected }] }],
  });
};
