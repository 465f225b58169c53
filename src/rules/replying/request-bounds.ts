import type { ReplyRequest, TranscriptLine } from '../../ai/backend.ts';

/** All questions together may be this long, in characters as a prompt has them. Nobody asks so much by hand. */
export const LONGEST_QUESTIONS = 32_000;
/** All that was said before them may be this long. */
export const LONGEST_TRANSCRIPT = 16_000;

/** A text's length in a prompt, where it stands as JSON without a bracket: `<` takes six characters there. */
const lengthInPrompt = (text: string): number =>
  JSON.stringify(text).length + 5 * (text.match(/[<>&\u2028\u2029]/g)?.length ?? 0);

const cutTo = (text: string, longest: number): string => {
  let cut = text;
  while (lengthInPrompt(cut) > longest) cut = cut.slice(0, Math.floor((cut.length * longest) / lengthInPrompt(cut)));
  return cut === text ? text : `${cut} [cut]`;
};

/** The newest of these, oldest first, whose texts fit into so many characters; the very newest always, cut to that. */
const newestWithin = <Item>(items: readonly Item[], textOf: (item: Item) => string, longest: number): Item[] => {
  let left = longest;
  const first = items.findLastIndex((item, index) => {
    left -= lengthInPrompt(textOf(item));
    return left < 0 && index < items.length - 1;
  });
  return items.slice(first + 1);
};

/**
 * A request's words within their bounds: the newest of the burst and of what was said before. `leftOut` says how much
 * of both is missing; absent where nothing is. `isOlderLeftOut`: the thread has messages before these.
 */
export const withinBounds = (
  questions: readonly string[],
  transcript: readonly TranscriptLine[],
  isOlderLeftOut = false,
): Pick<ReplyRequest, 'questions' | 'transcript' | 'leftOut'> => {
  const asked = newestWithin(questions, (text) => text, LONGEST_QUESTIONS);
  const said = newestWithin(transcript, ({ text }) => text, LONGEST_TRANSCRIPT);
  const leftOut = { questions: questions.length - asked.length, lines: transcript.length - said.length };
  return {
    questions: asked.map((text) => cutTo(text, LONGEST_QUESTIONS)),
    transcript: said.map((line) => ({ ...line, text: cutTo(line.text, LONGEST_TRANSCRIPT) })),
    ...(leftOut.questions + leftOut.lines === 0 && !isOlderLeftOut
      ? {}
      : { leftOut: { ...leftOut, ...(isOlderLeftOut ? { older: true as const } : {}) } }),
  };
};

/** Describes what was left out, for the run's story; no customer's word. */
export const leftOutInWords = ({ questions, lines, older }: NonNullable<ReplyRequest['leftOut']>): string => {
  if (questions + lines === 0) return 'the AI gets only the newest messages of a long thread';
  const parts = [
    ...(questions === 0 ? [] : [`${questions} of the customer’s unanswered messages, the oldest`]),
    ...(lines === 0 ? [] : [`${lines} of the earlier messages`]),
    ...(older ? ['all that is older'] : []),
  ];
  return `too long for the AI, left out: ${parts.join(', and ')}`;
};
