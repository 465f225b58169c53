import { describe, expect, it } from '@jest/globals';
import {
  boolean,
  discriminatedUnion,
  enumOf,
  type Field,
  int,
  list,
  nullable,
  object,
  optional,
  text,
  withDefault,
} from '../../../src/workflows/shared/fields.ts';

const pet = object({
  name: text({ trimmed: true, min: 1, max: 5 }),
  age: optional(int(1)),
  tame: withDefault(boolean, true),
});
const move = discriminatedUnion('kind', {
  step: object({ kind: enumOf(['step']), to: list(int(0)) }),
  rest: object({ kind: enumOf(['rest']), until: nullable(text()) }),
});

describe('a field that fits', () => {
  it.each<[string, Field<unknown>, unknown, unknown]>([
    ['text, without the white space around it', pet, { name: ' Rex ' }, { name: 'Rex', tame: true }],
    ['what may be absent, where it is there', pet, { name: 'Rex', age: 3 }, { name: 'Rex', age: 3, tame: true }],
    ['what else an object has, left out', pet, { name: 'Rex', colour: 'red' }, { name: 'Rex', tame: true }],
    ['one of several objects', move, { kind: 'step', to: [1, 2] }, { kind: 'step', to: [1, 2] }],
    ['another of them, with null', move, { kind: 'rest', until: null }, { kind: 'rest', until: null }],
  ])('%s', (_what, known, given, expected) => {
    expect(known(given, '')).toEqual(expected);
  });
});

describe('a field that does not fit', () => {
  it.each<[string, Field<unknown>, unknown, string]>([
    ['no object', pet, 'Rex', 'input: must be an object'],
    ['a list in its place', pet, [], 'input: must be an object'],
    [
      'every field that is wrong',
      pet,
      { age: 0, tame: 1 },
      'name: must be text of 1 to 5 characters; age: must be a whole number from 1 on; tame: must be true or false',
    ],
    ['what only every object has', object({ constructor: text() }), {}, 'constructor: must be text'],
    ['a fraction', int(0), 0.5, 'input: must be a whole number from 0 on'],
    ['a number that has lost digits', int(0), 2 ** 53, 'input: must be a whole number from 0 on'],
    ['a word that is not among them', enumOf(['a', 'b']), 'c', 'input: must be one of a, b'],
    ['a kind that there is not', move, { kind: 'constructor' }, 'kind: must be one of step, rest'],
    ['no kind', move, null, 'kind: must be one of step, rest'],
    ['an empty list', move, { kind: 'step', to: [] }, 'to: must be a list that is not empty'],
    ['what is wrong within a list', move, { kind: 'step', to: [1, -1] }, 'to.1: must be a whole number from 0 on'],
  ])('%s', (_what, known, given, problem) => {
    expect(() => known(given, '')).toThrow(problem);
  });
});
