import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { KNOWN_CHECKS, withCustomers } from '../../src/doctor/customers.ts';
import type { Level } from '../../src/doctor/finding.ts';
import { ROOT } from '../docs/markdown.ts';

const of = (check: string, level: Level): string | undefined =>
  withCustomers([{ check, level, message: 'It is so.' }])[0]?.customers;

describe('what a finding means for customers', () => {
  it.each([
    ['settings', 'problem', /answers nobody/],
    ['portal 62515: token', 'problem', /wait/],
    ['knowledge /help', 'problem', /go to agents/],
    ['notifications of 62515', 'problem', /nobody outside HubSpot/],
    ['webhook self-test, secret 2 of 2', 'problem', /later/],
    ['sure answers', 'warning', /held back/],
  ] as const)('is said of "%s" with a %s', (check, level, words) => {
    expect(of(check, level)).toMatch(words);
  });

  it('is not said where all is well', () => {
    expect(KNOWN_CHECKS.flatMap((check) => [of(check, 'ok'), of(check, 'info')]).every((said) => !said)).toBe(true);
  });

  it('is known of every check', () => {
    const folder = join(ROOT, 'src/doctor');
    const code = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const named = [...code.matchAll(/\b(?:check\(|name: |check: )'([a-z][^']+|AI user|HubSpot [^']+)'/g)].map(
      ([, name = '']) => name,
    );
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((name) => !KNOWN_CHECKS.includes(name))).toEqual([]);
  });
});
