import { describe, expect, it } from '@jest/globals';
import {
  setCurrentVersionCommand,
  setUnversionedCommand,
  versionWarnings,
  type WorkerVersion,
} from '../../src/temporal/worker-version.ts';

const A: WorkerVersion = { deploymentName: 'shop', buildId: 'a' };
const B: WorkerVersion = { deploymentName: 'shop', buildId: 'b' };

describe('versionWarnings', () => {
  it.each<[string, WorkerVersion | null, WorkerVersion | null]>([
    ['of workers without versions', null, null],
    ['where the version is the current one', A, { ...A }],
  ])('has nothing to say %s', (_, mine, current) => {
    expect(versionWarnings('default', mine, current)).toEqual([]);
  });

  it.each<[string, WorkerVersion | null, WorkerVersion | null, RegExp, string]>([
    ['there is no current version', A, null, /no current version/, setCurrentVersionCommand('default', A)],
    ['another build is current', B, A, /New runs go to version shop a/, setCurrentVersionCommand('default', B)],
    ['it has no version beside one', null, A, /WORKER_BUILD_ID/, setUnversionedCommand('default', A)],
  ])('gives the command where %s', (_, mine, current, words, command) => {
    const [line = '', ...others] = versionWarnings('default', mine, current);
    expect(others).toEqual([]);
    expect(line).toMatch(words);
    expect(line.endsWith(`: ${command}`)).toBe(true);
  });
});
