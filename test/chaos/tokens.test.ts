import { expect, it } from '@jest/globals';
import { questionsIn } from './tokens.ts';

it('takes what was said before for no question', () => {
  const said = '[Said before]\n- Customer: Can you tell me about q1, please?\n- AI: answer to: q1';
  expect(questionsIn(`${said}\n\n[Subject: about q2]\n\nCan you tell me about q3, please?\n\nAnd q4h?`)).toEqual([
    'q2',
    'q3',
    'q4h',
  ]);
});
