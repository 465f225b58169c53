import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, it } from '@jest/globals';
import { ROOT } from '../docs/markdown.ts';

const ALERTS = 'ops/alerts.yaml';

const hasPromtool = ((): boolean => {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const itWithPromtool = hasPromtool ? it : it.skip;

describe(`${ALERTS}, by promtool${hasPromtool ? '' : ' (skipped: not installed; Debian has it in its package prometheus)'}`, () => {
  itWithPromtool('is valid', async () => {
    await promisify(execFile)('promtool', ['check', 'rules', ALERTS], { cwd: ROOT });
  });

  itWithPromtool('raises an alarm when it should, and none when it should not', async () => {
    await promisify(execFile)('promtool', ['test', 'rules', 'ops/alerts.test.yaml'], { cwd: ROOT });
  });
});
