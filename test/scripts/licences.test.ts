import { describe, expect, it } from '@jest/globals';
import { checkLicences, type Lockfile } from '../../scripts/licences.ts';
import { read } from '../docs/markdown.ts';

const lockfile = (packages: Lockfile['packages']): Lockfile => ({
  packages: { '': { version: '0.1.0' }, ...packages },
});
const problemsOf = (license: string | undefined, more: object = {}): string[] =>
  checkLicences(
    lockfile({ 'node_modules/a/node_modules/@b/c': { version: '1.0.0', ...(license ? { license } : {}), ...more } }),
  ).problems;

describe('npm run licences', () => {
  it('finds every production package of this repository under a licence that is allowed', () => {
    const { checked, problems } = checkLicences(JSON.parse(read('package-lock.json')));
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(100);
  });

  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT'])('allows %s', (licence) => {
    expect(problemsOf(licence)).toEqual([]);
  });

  it.each([
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'MIT OR ISC AND GPL-3.0-only',
    'SEE LICENSE IN LICENSE',
    'UNLICENSED',
  ])('refuses %s', (licence) => {
    expect(problemsOf(licence)).toEqual([`@b/c@1.0.0 stands under ${licence}`]);
  });

  it('refuses a package that names none, unless someone has read that version', () => {
    expect(problemsOf(undefined)).toEqual(['@b/c@1.0.0 names no licence: read its LICENSE file']);
    const unnamed = lockfile({ 'node_modules/d': { version: '1.0.1' } });
    expect(checkLicences(unnamed, { readByHand: { 'd@1.0.1': 'MIT' } }).problems).toEqual([]);
    expect(checkLicences(unnamed, { readByHand: { 'd@1.0.0': 'MIT' } }).problems).toHaveLength(1);
  });

  it('leaves development alone: it is passed on to nobody', () => {
    expect(problemsOf('GPL-3.0-only', { dev: true })).toEqual([]);
  });
});
