import { expect, it } from '@jest/globals';
import { examine, ok } from '../../src/doctor/finding.ts';

const silent = { name: 'x', whenSilent: 'Look there.' };

it('gives a result its name', async () => {
  expect(await examine({ ...silent, run: () => ok('Fine.') }, 1_000)).toEqual({
    check: 'x',
    level: 'ok',
    message: 'Fine.',
  });
});

it('makes a problem of a check that fails, in its own words', async () => {
  const fail = () => {
    throw new Error('Broken: mend it');
  };
  expect(await examine({ ...silent, run: fail }, 1_000)).toEqual({
    check: 'x',
    level: 'problem',
    message: 'Broken: mend it',
  });
});

it('makes a problem of a check that hangs, with advice', async () => {
  expect(await examine({ ...silent, run: () => new Promise(() => undefined) }, 20)).toEqual({
    check: 'x',
    level: 'problem',
    message: 'No answer within 0.02 s.',
    remedy: 'Look there.',
  });
});
