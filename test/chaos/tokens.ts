const TOKEN = /\bq\d+[hs]?\b/g;

/** How the AI takes a question: answers it, hands it off, or thinks long. */
export type QuestionKind = 'plain' | 'handoff' | 'slow';

const ENDINGS: Record<QuestionKind, string> = { plain: '', handoff: 'h', slow: 's' };

/** The name of a customer's question: it stands in the message, and again in the reply that answers it. */
export const tokenOf = (number: number, kind: QuestionKind): string => `q${number}${ENDINGS[kind]}`;

/** Every question that a text names. */
export const tokensIn = (text: string): string[] => text.match(TOKEN) ?? [];

/**
 * Every question that a message to the AI asks. What was said before, which a new session of the AI is given along, is
 * to be known and not to be answered: others have asked it, or it was answered.
 */
export const questionsIn = (message: string): string[] =>
  tokensIn(
    message
      .split('\n\n')
      .filter((part) => !part.startsWith('[Said before]'))
      .join('\n\n'),
  );
