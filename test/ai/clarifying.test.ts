import { describe, expect, it } from '@jest/globals';
import type { TranscriptLine } from '../../src/ai/backend.ts';
import { asQuestion, clarifyingQuestionsIn, hasJustAskedBack, mayAskBack } from '../../src/ai/clarifying.ts';
import { phrasesIn } from '../../src/ai/knowledge/phrases.ts';

/** `C: …` is the customer's, `AI: …` the AI's, `A: …` an agent's. */
const talk = (...lines: string[]): TranscriptLine[] =>
  lines.map((line) => {
    const [, who = '', text = ''] = /^(\w+): ([\s\S]*)$/.exec(line) ?? [];
    const from = ({ C: 'customer', AI: 'ai', A: 'agent', B: 'bot' } as const)[who] ?? 'note';
    return { from, text, attachments: [] };
  });

describe('clarifying questions of a matter', () => {
  it.each<[string, string[], number]>([
    ['none where nobody has said a word', [], 0],
    ['one', ['C: lamp', 'AI: Is it the floor lamp or the desk lamp?'], 1],
    ['one in another script', ['C: ランプ', 'AI: どちらのランプですか？'], 1],
    ['one in Arabic', ['C: مصباح', 'AI: أي مصباح تقصد؟'], 1],
    ['one in Greek', ['C: λάμπα', 'AI: Ποια λάμπα εννοείτε;'], 1],
    ['one with a word behind it', ['C: lamp', 'AI: Floor or desk? Then I can tell.'], 1],
    ['one above a signature', ['C: lamp', 'AI: Floor or desk?\n\nKind regards\nExample Shop'], 1],
    ['one of the knowledge backend', ['C: lamp', `AI: ${phrasesIn('en').which}\n1. Floor\n2. Desk`], 1],
    ['one of it in German', ['C: Lampe', `AI: ${phrasesIn('de').which}\n1. Steh\n2. Tisch`], 1],
    ['two, one after the other', ['C: lamp', 'AI: Floor or desk?', 'C: hm', 'AI: Which size?'], 2],
    ['what was asked before the answer no more', ['C: lamp', 'AI: Which?', 'C: desk', 'AI: Two years.'], 0],
    ['nor before an agent', ['C: lamp', 'AI: Which?', 'C: desk', 'A: Two years. Anything else?'], 0],
    ['not what names its source', ['C: lamp', 'AI: Which lamps are there? These.\n\nSource: Lamps'], 0],
    ['nor the greeting of one who greets', ['C: Hello', 'AI: Hi! How can I help you?'], 0],
    ['nor our own greeting', ['C: lamp', `AI: ${phrasesIn('fr').greeting}`], 0],
    ['nor an answer whose heading asks', ['C: x', `AI: How long?\nTwo days.\n\n${phrasesIn('en').origin}`], 0],
    ['nor an address with a question mark', ['C: lamp', 'AI: See https://shop.example/?lamp=1 please.'], 0],
    ['whatever a chatflow asks', ['C: lamp', 'AI: Which?', 'B: Your name?', 'C: Kim'], 1],
    ['and nothing that the customer asks', ['C: Which lamp is it?'], 0],
  ])('%s', (_what, lines, count) => {
    expect(clarifyingQuestionsIn(talk(...lines))).toBe(count);
    expect(mayAskBack({ transcript: talk(...lines) }, count)).toBe(false);
    expect(mayAskBack({ transcript: talk(...lines) }, count + 1)).toBe(true);
  });

  it('know what was asked last', () => {
    expect(hasJustAskedBack(talk('C: lamp', 'AI: Which?', 'C: the desk one'))).toBe(true);
    expect(hasJustAskedBack(talk('C: lamp', 'AI: Which?', 'C: desk', 'AI: Two years.'))).toBe(false);
    expect(hasJustAskedBack([])).toBe(false);
  });
});

it.each([
  ['Which lamp?', 'Which lamp?'],
  [' Tell me the number of your order. ', 'Tell me the number of your order?'],
  ['教えてください。', '教えてください?'],
  ['Ποια λάμπα εννοείτε;', 'Ποια λάμπα εννοείτε;'],
  ['Which lamp?\n\nSource: Lamps', 'Which lamp?'],
  [' ', ''],
])('makes a question of %j that is known again', (text, question) => {
  expect(asQuestion(text)).toBe(question);
  if (question !== '') expect(clarifyingQuestionsIn(talk('C: lamp', `AI: ${asQuestion(text)}`))).toBe(1);
});
