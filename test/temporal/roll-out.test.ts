import { describe, expect, it } from '@jest/globals';
import { type NeededWorkers, type StayingWorkers, tooEarly } from '../../src/temporal/roll-out.ts';

const version = (buildId: string, deploymentName = 'shop') => ({ deploymentName, buildId });
const staying = (buildIds: string[], unversioned: boolean): StayingWorkers => ({
  deploymentName: 'shop',
  buildIds,
  unversioned,
});
const current = (build: string | null): NeededWorkers => ({
  version: build === null ? null : version(build),
  need: 'gets new runs',
});
const draining = (build: string): NeededWorkers => ({ version: version(build), need: 'still has runs' });

describe('tooEarly', () => {
  it.each<[string, StayingWorkers, NeededWorkers[]]>([
    ['nobody polls', staying(['2'], false), []],
    ['versions are switched on and the others stay', staying(['1'], true), [current(null)]],
    ['the version is current and the others go', staying(['1'], false), [current('1')]],
    ['a new build comes beside the current one', staying(['2', '1'], false), [current('1')]],
    ['all that have runs stay', staying(['3', '2', '1'], false), [current('2'), draining('1')]],
    ['there are no versions', staying([], true), [current(null)]],
  ])('lets it happen where %s', (_, stay, needed) => {
    expect(tooEarly('default', stay, needed)).toEqual([]);
  });

  it.each<[string, StayingWorkers, NeededWorkers[], RegExp]>([
    [
      'those without a version go',
      staying(['1'], false),
      [current(null)],
      /unversionedWorkers=true.*--build-id 1 --yes$/,
    ],
    [
      'the current build goes',
      staying(['2'], true),
      [current('1')],
      /shop 1 gets new runs.*1 in versioning.previousTags/,
    ],
    ['a build with runs goes', staying(['3', '2'], false), [current('3'), draining('1')], /shop 1 still has runs/],
    ['versions are given up', staying([], true), [current('1')], /versioning.enabled=true/],
    [
      'another deployment has the runs',
      staying(['1'], false),
      [{ version: version('1', 'other'), need: 'gets new runs' }],
      /other 1 gets new runs/,
    ],
  ])('says what to do first where %s', (_, stay, needed, words) => {
    const [line = '', ...others] = tooEarly('default', stay, needed);
    expect(others).toEqual([]);
    expect(line).toMatch(words);
  });
});
