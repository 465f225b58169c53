import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SAVED_VIEWS, savedViewUrl } from '../../src/temporal/saved-views.ts';

describe('a list that the Web UI saves', () => {
  it('has its filter and its name in the address, with whatever is special there', () => {
    const view = { name: 'A & B', query: 'Outcome="a b"' };
    expect(savedViewUrl('https://ui.example.com/base', 'team/one', view)).toBe(
      'https://ui.example.com/base/namespaces/team%2Fone/workflows?query=Outcome%3D%22a%20b%22&savedQuery=A%20%26%20B',
    );
  });

  it.each(SAVED_VIEWS.map((view) => [view.name, view] as const))('is linked in the docs: %s', (name, view) => {
    const page = readFileSync(new URL('../../docs/temporal-web-ui.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
    expect(page).toContain(`[${name}](${savedViewUrl('http://127.0.0.1:8233', 'default', view)})`);
  });
});
