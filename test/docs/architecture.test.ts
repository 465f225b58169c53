import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ATTENTION_CAUSES } from '../../src/runs/outcomes.ts';
import { PRIORITY_KEY } from '../../src/runs/priority.ts';
import { foundBy, type RunType } from '../../src/runs/run-type.ts';
import { RUN_TYPES } from '../../src/runs/run-types.ts';
import { SEARCH_ATTRIBUTES } from '../../src/runs/search-attributes.ts';
import { hubspotTaskQueue } from '../../src/runs/task-queues.ts';
import { codesIn, firstColumn, namedItems, ROOT, read, section, tableRows } from './markdown.ts';

const PAGE = 'docs/architecture.md';
/** The pages about the code. */
const OF_THE_CODE = [
  PAGE,
  'docs/agent-loop.md',
  'docs/run-types.md',
  'docs/search-attributes.md',
  'docs/stored-data.md',
  'docs/task-queues.md',
];

const foldersIn = (path: string): string[] =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`);

/** The part of the folders' section below a heading of the third level. */
const folderPart = (heading: string): string =>
  section(PAGE, 'Folders')
    .split(/^### /m)
    .find((part) => part.startsWith(heading)) ?? '';

describe('docs/architecture.md', () => {
  it('has every folder of src and dev, and no other', () => {
    const shown = firstColumn(section(PAGE, 'Folders'));
    expect([...shown].sort()).toEqual([...foldersIn('src'), ...foldersIn('dev')].sort());
  });

  it.each(['src/workflows', 'src/rules'])('names each folder in %s, and no other', (folder) => {
    const named = namedItems(folderPart(`In \`${folder}\``)).map((name) => `${folder}/${name}`);
    expect(named.sort()).toEqual(foldersIn(folder).sort());
  });

  it('has every entry point', () => {
    const listed = [...folderPart('Programs').matchAll(/^- (.*?): /gm)].flatMap(([, names = '']) => codesIn(names));
    // A program does its work as soon as it is loaded; a module only exports.
    const programs = readdirSync(join(ROOT, 'src'))
      .filter((name) => name.endsWith('.ts') && !/^export /m.test(read(`src/${name}`)))
      .map((name) => `src/${name}`);
    expect(listed.sort()).toEqual([...programs, 'dev/demo.ts'].sort());
  });
});

describe('docs/search-attributes.md', () => {
  const SEARCH_PAGE = 'docs/search-attributes.md';
  const carriers = (name: string): string[] =>
    (RUN_TYPES as readonly RunType<object, [string]>[])
      .filter(({ about, example }) =>
        foundBy(about({ ...example, ticketId: '1' } as object)).some(({ key }) => key.name === name),
      )
      .map(({ type }) => type);
  /** The runs that the item of an id names. */
  const named = (id: string): string[] => {
    const items = section(SEARCH_PAGE, 'The ids of a run').split(/^- /m);
    return codesIn(items.find((item) => item.startsWith(`\`${id}\``)) ?? '').slice(1);
  };

  it('has every search attribute with its type, and no other', () => {
    const page = section(SEARCH_PAGE, 'Search attributes');
    expect(firstColumn(page)).toEqual(SEARCH_ATTRIBUTES.map(({ name }) => name));
    const types = tableRows(page)
      .slice(2)
      .map(([, type]) => type?.toUpperCase());
    expect(types).toEqual(SEARCH_ATTRIBUTES.map(({ type }) => type));
  });

  it('has the run types that carry the ids', () => {
    // What some of their runs are about only.
    const sometimes = ['notify', 'followAction'];
    expect(named('HubSpotThreadId').sort()).toEqual(
      [...new Set([...carriers('HubSpotThreadId'), ...sometimes])].sort(),
    );
    expect(named('HubSpotTicketId')).toEqual(expect.arrayContaining([...carriers('HubSpotTicketId'), ...sometimes]));
    const without = RUN_TYPES.map(({ type }) => type).filter((type) => !carriers('HubSpotPortalId').includes(type));
    expect(named('HubSpotPortalId')).toEqual(expect.arrayContaining(without));
  });

  it('has every cause for which a run needs attention, and no other', () => {
    expect(namedItems(section(SEARCH_PAGE, 'What needs attention'))).toEqual([...ATTENTION_CAUSES]);
  });
});

describe('docs/task-queues.md', () => {
  it('has both task queues, and every priority', () => {
    const queues = firstColumn(section('docs/task-queues.md', 'Task queues'));
    expect(queues).toEqual(expect.arrayContaining(['threadkeeper', hubspotTaskQueue('threadkeeper')]));
    const rows = tableRows(section('docs/task-queues.md', 'Priorities'));
    const priorities = rows.flatMap(([first = '']) => (/^\d$/.test(first) ? [Number(first)] : []));
    expect(priorities).toEqual(Object.values(PRIORITY_KEY));
  });
});

describe('the pages about the code', () => {
  it('say where each thing is by a path that exists', () => {
    const links = OF_THE_CODE.flatMap((page) =>
      [...read(page).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path),
    );
    expect(links.length).toBeGreaterThan(40);
    const here = dirname(join(ROOT, PAGE));
    expect(links.filter((path) => !/^https?:/.test(path) && !existsSync(join(here, path)))).toEqual([]);
  });

  it('name no function of a file that the file does not have', () => {
    const placed = OF_THE_CODE.flatMap((page) => [
      ...read(page).matchAll(/`([A-Za-z_]+)`\s+in\s+\[[^\]]*\]\(\.\.\/([^)#]+)\)/g),
    ]);
    expect(placed.length).toBeGreaterThan(10);
    const missing = placed.filter(
      ([, name = '', path = '']) =>
        !statSync(join(ROOT, path)).isFile() || !readFileSync(join(ROOT, path), 'utf8').includes(name),
    );
    expect(missing.map(([said]) => said)).toEqual([]);
  });
});
