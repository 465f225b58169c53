import { expect, it } from '@jest/globals';
import { createColors } from 'picocolors';
import type { Finding } from '../../src/doctor/finding.ts';
import { isHealthy, renderJson, renderText } from '../../src/doctor/render.ts';

const FINE: Finding = { check: 'database', level: 'ok', message: 'Answers.' };
const DOUBTFUL: Finding = { check: 'retention', level: 'warning', message: 'One day.', remedy: 'Raise it.' };
const BROKEN: Finding = { check: 'ai', level: 'problem', message: 'The folder is not there: set KNOWLEDGE_DIR' };

it('prints a line each, what to do under it, and the sum', () => {
  expect(renderText([FINE, DOUBTFUL, BROKEN], createColors(false))).toBe(
    [
      'ok       database: Answers.',
      'warning  retention: One day.',
      '         to do: Raise it.',
      'problem  ai: The folder is not there: set KNOWLEDGE_DIR',
      '',
      '1 problem, 1 warning',
      '',
    ].join('\n'),
  );
});

it('colours the levels where the terminal can', () => {
  const [line] = renderText([BROKEN], createColors(true)).split('\n');
  expect(line).toContain('\u001b[31mproblem\u001b[39m');
});

it('prints the findings as they are for programs', () => {
  expect(JSON.parse(renderJson([FINE, DOUBTFUL]))).toEqual([FINE, DOUBTFUL]);
});

it('takes only a problem for unhealthy', () => {
  expect(isHealthy([FINE, DOUBTFUL])).toBe(true);
  expect(isHealthy([FINE, BROKEN])).toBe(false);
});
