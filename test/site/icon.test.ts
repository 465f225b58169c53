import { expect, it } from '@jest/globals';
import { ICON } from '../../src/api/ops/icon.ts';
import { read } from '../docs/markdown.ts';

it('the playground, the desk and the site have one icon', () => {
  expect(ICON).toBe(read('dev/demo/playground/page/icon.svg'));
  expect(read('site/.vitepress/config.ts')).toContain('dev/demo/playground/page/icon.svg');
});
