import type { AiAnswer, ReplyRequest, TranscriptLine } from './backend.ts';
import { ALL_PHRASES, CLARIFYING_LINES } from './knowledge/phrases.ts';
import { smallTalkIn } from './knowledge/small-talk.ts';

/** Where a question ends, in any script; Greek has a semicolon for it. */
const QUESTION = /[?？؟⁇፧՞](?=[\s"'“”’»)\]*_]|$)|(?<=\p{Script=Greek})[;\u037e](?=\s|$)/mu;
/** What is posted names the articles that an answer was taken from; a question has none. */
const SOURCES = /^Sources?: \S/m;

const isOurOwnQuestion = (text: string): boolean => CLARIFYING_LINES.some((line) => text.startsWith(line));
/** A courtesy, or an answer from an article, whose heading may be a question. */
const hasOurWords = (text: string): boolean => ALL_PHRASES.some((phrase) => text.includes(phrase));

/** Says whether it was said to a mere greeting or thanks: "Hello! How can I help?" asks nothing back. */
const followsSmallTalk = (lines: readonly TranscriptLine[]): boolean => {
  const before = lines.findLast(({ from }) => from === 'customer' || from === 'ai' || from === 'agent');
  return before?.from === 'customer' && smallTalkIn(before.text) !== null;
};

const asksBackAt = (transcript: readonly TranscriptLine[], index: number): boolean => {
  const { from, text } = transcript[index] as TranscriptLine;
  if (from !== 'ai') return false;
  if (isOurOwnQuestion(text)) return true;
  return (
    QUESTION.test(text) && !SOURCES.test(text) && !hasOurWords(text) && !followsSmallTalk(transcript.slice(0, index))
  );
};

/** Says whether the AI's newest words to the customer were a question of its own. */
export const hasJustAskedBack = (transcript: readonly TranscriptLine[]): boolean => {
  const last = transcript.findLastIndex(({ from }) => from === 'ai' || from === 'agent');
  return last >= 0 && asksBackAt(transcript, last);
};

/**
 * Says how many clarifying questions the AI, whichever it was, has asked in the matter that is being talked about. Only
 * the thread is looked at: a matter ends with an answer, the AI's or an agent's, and a question of the AI's is what
 * asks without naming an article. In doubt it counts.
 */
export const clarifyingQuestionsIn = (transcript: readonly TranscriptLine[]): number => {
  let asked = 0;
  for (let index = transcript.length - 1; index >= 0; index -= 1) {
    const { from } = transcript[index] as TranscriptLine;
    if (from === 'agent') break;
    if (from !== 'ai') continue;
    if (!asksBackAt(transcript, index)) break;
    asked += 1;
  }
  return asked;
};

/** Says whether the AI may ask back once more, where it may `most` times in one matter. */
export const mayAskBack = ({ transcript }: Pick<ReplyRequest, 'transcript'>, most: number): boolean =>
  clarifyingQuestionsIn(transcript) < most;

const STOPS = new Set([' ', '\n', '.', '!', ':', '…', '。', '！', '：']);

/** The same text with a question mark and without sources, so that it is known for a question later. */
export const asQuestion = (text: string): string => {
  const trimmed = text.replace(/^Sources?: .*$/gm, '').trim();
  if (trimmed === '' || QUESTION.test(trimmed)) return trimmed;
  let end = trimmed.length;
  while (end > 0 && STOPS.has(trimmed[end - 1] ?? '')) end -= 1;
  return `${trimmed.slice(0, end)}?`;
};

/** Says whether what the AI would say asks the customer something: said, it would count as a clarifying question. */
export const asksSomething = (text: string, { questions }: Pick<ReplyRequest, 'questions'>): boolean =>
  QUESTION.test(text) && !questions.every((question) => smallTalkIn(question) !== null);

/** Gives what becomes of a question that the AI may not ask any more. */
export const askedTooOften = ({ aiSessionId, usage, language, sentiment, instructions }: AiAnswer): AiAnswer => ({
  action: 'handoff',
  reason: 'the AI would ask the customer back once more',
  cause: 'unclear',
  aiSessionId,
  ...(usage === undefined ? {} : { usage }),
  ...(language === undefined ? {} : { language }),
  ...(sentiment === undefined ? {} : { sentiment }),
  ...(instructions === undefined ? {} : { instructions }),
});
