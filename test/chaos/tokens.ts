const TOKEN = /\bq\d+[hs]?\b/g;

/** How the AI takes a question: answers it, hands it off, or thinks long. */
export type QuestionKind = 'plain' | 'handoff' | 'slow';

const ENDINGS: Record<QuestionKind, string> = { plain: '', handoff: 'h', slow: 's' };

/** The name of a customer's question: it stands in the message, and again in the reply that answers it. */
export const tokenOf = (number: number, kind: QuestionKind): string => `q${number}${ENDINGS[kind]}`;

/** Every question that a text names. */
export const tokensIn = (text: string): string[] => text.match(TOKEN) ?? [];
