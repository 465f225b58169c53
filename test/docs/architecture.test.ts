import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ATTENTION_CAUSES } from '../../src/runs/outcomes.ts';
import { PRIORITY_KEY } from '../../src/runs/priority.ts';
import { foundBy, type RunType } from '../../src/runs/run-type.ts';
import { RUN_TYPES } from '../../src/runs/run-types.ts';
import { SEARCH_ATTRIBUTES } from '../../src/runs/search-attributes.ts';
import { hubspotTaskQueue } from '../../src/runs/task-queues.ts';
import { codesIn, firstColumn, ROOT, read, section, tableRows } from './markdown.ts';

const PAGE = 'docs/architecture.md';

const foldersIn = (path: string): string[] =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`);

/** The cells behind the one that has this code. */
const cellsBehind = (heading: string, code: string): string =>
  tableRows(section(PAGE, heading))
    .filter(([first = '']) => codesIn(first)[0] === code)
    .flatMap(([, ...others]) => others)
    .join(' ');

describe('docs/architecture.md', () => {
  it('has every folder of src and dev, and no other', () => {
    const shown = firstColumn(section(PAGE, 'Folders'));
    expect([...shown].sort()).toEqual([...foldersIn('src'), ...foldersIn('dev')].sort());
  });

  it('names the folders of workflows and of rules, each', () => {
    const familyOf = (folder: string): string[] =>
      codesIn(cellsBehind('Folders', folder)).map((name) => `${folder}/${name}`);
    expect(familyOf('src/workflows').sort()).toEqual(foldersIn('src/workflows').sort());
    expect(familyOf('src/rules').sort()).toEqual(foldersIn('src/rules').sort());
  });

  it('has every entry point', () => {
    const entries = /^Entry points: ([\s\S]*?)\. `test`/m.exec(read(PAGE))?.[1] ?? '';
    const named = codesIn(entries).filter((code) => code.endsWith('.ts'));
    // A program does its work as soon as it is loaded; a module only exports.
    const programs = readdirSync(join(ROOT, 'src'))
      .filter((name) => name.endsWith('.ts') && !/^export /m.test(read(`src/${name}`)))
      .map((name) => `src/${name}`);
    expect([...named].sort()).toEqual([...programs, 'dev/demo.ts'].sort());
  });

  it('has every search attribute, and the run types that carry the ids', () => {
    expect(firstColumn(section(PAGE, 'Search attributes'))).toEqual(SEARCH_ATTRIBUTES.map(({ name }) => name));
    const carriers = (name: string): string[] =>
      (RUN_TYPES as readonly RunType<object, [string]>[])
        .filter(({ about, example }) =>
          foundBy(about({ ...example, ticketId: '1' } as object)).some(({ key }) => key.name === name),
        )
        .map(({ type }) => type);
    expect(codesIn(cellsBehind('Search attributes', 'HubSpotThreadId')).sort()).toEqual(
      carriers('HubSpotThreadId').sort(),
    );
    expect(codesIn(cellsBehind('Search attributes', 'HubSpotTicketId'))).toEqual(
      expect.arrayContaining(carriers('HubSpotTicketId')),
    );
    const without = RUN_TYPES.map(({ type }) => type).filter((type) => !carriers('HubSpotPortalId').includes(type));
    expect(codesIn(cellsBehind('Search attributes', 'HubSpotPortalId'))).toEqual(expect.arrayContaining(without));
  });

  it('has every cause for which a run needs attention, and no other', () => {
    expect(codesIn(cellsBehind('Search attributes', 'NeedsAttention'))).toEqual([...ATTENTION_CAUSES]);
  });

  it('has both task queues, and every priority', () => {
    const page = section(PAGE, 'Task queues');
    expect(firstColumn(page)).toEqual(expect.arrayContaining(['threadkeeper', hubspotTaskQueue('threadkeeper')]));
    const priorities = tableRows(page).flatMap(([first = '']) => (/^\d$/.test(first) ? [Number(first)] : []));
    expect(priorities).toEqual(Object.values(PRIORITY_KEY));
  });

  it('says where each thing is by a path that exists', () => {
    const links = [...read(PAGE).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(20);
    const here = dirname(join(ROOT, PAGE));
    expect(links.filter((path) => !/^https?:/.test(path) && !existsSync(join(here, path)))).toEqual([]);
  });

  it('names no function of a file that the file does not have', () => {
    const rows = tableRows(section(PAGE, 'The way of an event')).filter(([, where = '']) => where.includes(']('));
    const missing = rows.flatMap(([, where = '']) =>
      [...where.matchAll(/`([A-Za-z_]+)` in \[[^\]]*\]\(\.\.\/([^)#]+)\)/g)].filter(
        ([, name = '', path = '']) =>
          !statSync(join(ROOT, path)).isFile() || !readFileSync(join(ROOT, path), 'utf8').includes(name),
      ),
    );
    expect(missing).toEqual([]);
  });
});
