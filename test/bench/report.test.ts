import { describe, expect, test } from '@jest/globals';
import { median, spread } from '../../bench/bench.ts';
import { markdownTable, toMarkdown } from '../../bench/results.ts';
import { barPlot } from '../../bench/svg.ts';

describe('the report of the measurements', () => {
  test('has tables whose columns stand below each other', () => {
    const table = markdownTable({
      columns: ['', 'ms'],
      rows: [
        ['ours', '12'],
        ['a longer name', '1,234'],
      ],
    });
    expect(table.split('\n')).toEqual([
      '|               |    ms |',
      '| ------------- | ----: |',
      '| ours          |    12 |',
      '| a longer name | 1,234 |',
    ]);
  });

  test('says of a goal that is missed why, and of none that is met', () => {
    const part = { title: 'A part', notes: [], tables: [], plots: {}, data: null, leftOut: ['Restate: not there'] };
    const goal = (what: string, met: boolean) => ({ what, wanted: '1', measured: '2', met, why: `the ${what} reason` });
    const page = toMarkdown({
      machine: { command: 'npm run bench' },
      parts: { one: { ...part, goals: [goal('first', false), goal('second', true)], seconds: 3 } },
    });
    expect(page).toContain('Missed, first: the first reason');
    expect(page).not.toContain('the second reason');
    expect(page).toContain('- Restate: not there');
  });

  test.each([
    [false, [640, 320]],
    // Half of the least is where the scale begins: 8 is an eighth of the way from 4 to 1,024, and 512 seven.
    [true, [560, 80]],
  ])('draws bars as long as their values (logarithmic: %s)', (logarithmic, wanted) => {
    const values = logarithmic ? [512, 8, 1_024] : [10, 5, 10];
    const svg = barPlot({
      title: 'a < b',
      unit: 'ms',
      logarithmic,
      groups: [{ label: 'g', bars: values.map((value, at) => ({ label: String(at), value })) }],
    });
    const widths = [...svg.matchAll(/<rect x="190"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    const full = widths.at(2) ?? Number.NaN;
    expect(widths.slice(0, 2).map((width) => Math.round((width / full) * 640))).toEqual(wanted);
    expect(svg).toContain('a &lt; b');
  });

  test('says of a bar without a value that it was left out', () => {
    const svg = barPlot({ title: '', unit: '', groups: [{ label: '', bars: [{ label: 'Restate', value: null }] }] });
    expect(svg).toContain('left out');
  });

  test.each([
    [[3, 1, 2], 2, 0.5],
    [[4, 1, 2, 3], 2.5, 0.6],
    [[7], 7, 0],
  ])('takes the middle of the rounds %j, and half of their span', (rounds, middle, apart) => {
    expect([median(rounds), spread(rounds)]).toEqual([middle, apart]);
  });
});
