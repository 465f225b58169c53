import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AiConfig, Portal } from '../../src/config.ts';
import { examine } from '../../src/doctor/finding.ts';
import { instructionChecks } from '../../src/doctor/instructions.ts';

const HTTP: AiConfig = { backend: 'http', url: 'http://127.0.0.1:1/', secret: 'a-secret-only-for-tests' };
const KNOWLEDGE: AiConfig = { backend: 'knowledge', knowledgeDir: 'knowledge' };

let folder: string;
const file = (name: string, markdown: string): string => {
  const path = join(folder, name);
  writeFileSync(path, markdown);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threadkeeper-doctor-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const look = (instructionsFile: string | null, ai: AiConfig = HTTP, portals: Pick<Portal, 'instructionsFile'>[] = []) =>
  Promise.all(
    instructionChecks({ ai, aiFallbacks: [], portals: portals as Portal[], instructionsFile }).map((check) =>
      examine(check, 24_000),
    ),
  );

it('says nothing where there are no instructions', async () => {
  expect(await look(null)).toEqual([]);
});

it('says what each file holds', async () => {
  const all = file('all.md', 'Be kind.\n\n# Channel: email\n\nSign.\n\n# Language: de\n\nSiezen.\n');
  const own = file('own.md', 'Be brief.');
  const found = await look(all, HTTP, [{ instructionsFile: own }, { instructionsFile: all }, {}]);
  expect(found).toEqual([
    {
      check: 'instructions',
      level: 'ok',
      message: expect.stringMatching(
        /all\.md: version [\da-f]{12}, \d+ of at most 16000 characters, with parts for email, for answers in de\.$/,
      ),
    },
    { check: 'instructions', level: 'ok', message: expect.stringMatching(/own\.md: version [\da-f]{12}, 9 of/) },
  ]);
});

it('finds a file that keeps the worker from starting, and one that nobody reads', async () => {
  expect(await look(join(folder, 'missing.md'))).toMatchObject([
    { level: 'problem', message: expect.stringContaining('missing.md is not there') },
  ]);
  expect(await look(file('empty.md', ' '))).toMatchObject([
    { level: 'problem', message: expect.stringMatching(/empty/) },
  ]);
  expect(await look(file('kind.md', 'Be kind.'), KNOWLEDGE)).toMatchObject([
    { level: 'warning', message: expect.stringContaining('has no effect: knowledge takes no instructions') },
  ]);
});
