import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threadkeeper-ask-'));
  writeFileSync(join(folder, 'kb-1.md'), '---\ntitle: Lending a canoe\n---\nAsk at the boathouse before noon.\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ask = async (words: string[], input = '', env: Record<string, string> = {}) => {
  const child = spawn(process.execPath, ['src/ask.ts', ...words], { env });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part) => {
    err += part;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, out, err };
};

it('answers JSON lines with JSON lines, each with its id, and says which line it can’t read', async () => {
  const lines = [
    JSON.stringify({ id: 'a', question: 'How is lending a canoe done?' }),
    JSON.stringify({ id: 2, question: ['Let me talk to a person'], channel: 'email', transcript: [] }),
    '{',
    JSON.stringify({ id: 'no question' }),
  ];
  const { code, out } = await ask(['--json', '--knowledge', folder], lines.join('\n'));
  const answers = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers).toMatchObject([
    {
      id: 'a',
      action: 'reply',
      text: expect.stringContaining('boathouse'),
      sources: [{ title: 'Lending a canoe', path: 'kb-1.md' }],
      confidence: expect.any(Number),
      reason: null,
      language: 'en',
    },
    { id: '2', action: 'handoff', text: '', sources: [], reason: 'the customer asks for a person' },
    { id: null, action: 'error' },
    { action: 'error', reason: expect.stringContaining('question') },
  ]);
  expect(code).toBe(1);
});

it('shows one question’s passages, their scores and the decision', async () => {
  const { code, out } = await ask(['--knowledge', folder, 'Lending', 'a', 'canoe?']);
  expect(out).toMatch(/"Lending a canoe\?"\n {2}0\.\d\d {2}Lending a canoe \(kb-1\.md\): asked 1\.00, heading 1\.00/);
  expect(out).toMatch(/reply, confidence 0\.\d+, language en\nfrom Lending a canoe \(kb-1\.md\)/);
  expect(code).toBe(0);
});

it('says what is wrong with a call, and with a folder', async () => {
  expect(await ask([])).toMatchObject({ code: 2, err: expect.stringContaining('Usage: npm run ask') });
  expect(await ask(['--nonsense'])).toMatchObject({ code: 2 });
  const missing = await ask(['--knowledge', join(folder, 'missing'), 'Hi?']);
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('set KNOWLEDGE_DIR') });
  const uninstructed = await ask(['Hi?'], '', { INSTRUCTIONS_FILE: join(folder, 'missing.md') });
  expect(uninstructed).toMatchObject({ code: 1, err: expect.stringMatching(/^[^\n]*set INSTRUCTIONS_FILE[^\n]*\n$/) });
});

it('answers from the sources of articles, and names those that no worker has read yet', async () => {
  const sources = join(folder, 'sources.yaml');
  const site = 'https://help.example.com/sitemap.xml';
  writeFileSync(sources, `sources: [{ type: folder, folder: . }, { type: site, sitemap: "${site}" }]`);
  const env = { KNOWLEDGE_SOURCES: sources, DATA_DIR: join(folder, 'none') };
  const { code, out, err } = await ask(['Lending', 'a', 'canoe?'], '', env);
  expect(out).toContain('Ask at the boathouse before noon.');
  expect(err).toContain(`Left out: ${site}: the embedded database is a running worker's, or not there yet`);
  expect(code).toBe(0);
  expect((await ask(['--knowledge', folder, 'Lending', 'a', 'canoe?'], '', env)).err).toBe('');
});
