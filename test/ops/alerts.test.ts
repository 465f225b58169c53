import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT, read } from '../docs/markdown.ts';
import { isInstalled } from '../support/installed.ts';

const ALERTS = 'ops/alerts.yaml';

interface Rule {
  annotations: { summary: string; description: string };
}

const hasPromtool = isInstalled('promtool', '--version');
const itWithPromtool = hasPromtool ? it : it.skip;

describe(ALERTS, () => {
  it('says what happened, what it means for customers, and what to do, in this order', () => {
    const { groups } = parse(read(ALERTS)) as { groups: { rules: Rule[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(15);
    for (const { annotations } of rules) {
      expect(annotations).toEqual({
        summary: expect.stringMatching(/[.)]$/),
        description: expect.stringMatching(/^For customers: \S.*[.] What to do: \S/),
      });
    }
  });
});

describe(`${ALERTS}, by promtool${hasPromtool ? '' : ' (skipped: not installed; Debian has it in its package prometheus)'}`, () => {
  itWithPromtool('is valid', async () => {
    await promisify(execFile)('promtool', ['check', 'rules', ALERTS], { cwd: ROOT });
  });

  itWithPromtool('raises an alarm when it should, and none when it should not', async () => {
    await promisify(execFile)('promtool', ['test', 'rules', 'ops/alerts.test.yaml'], { cwd: ROOT });
  });
});
