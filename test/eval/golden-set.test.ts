import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { type Baseline, figuresOf, forbiddenIn, readBaseline, worseThan, writeBaseline } from '../../eval/baseline.ts';
import { BadConversations } from '../../eval/conversation.ts';
import { figuresTable, withFiguresTable } from '../../eval/figures-table.ts';
import { type GoldenCase, type Kind, readGolden, readGoldenFolder } from '../../eval/golden.ts';
import { goldenJson, goldenReport } from '../../eval/golden-report.ts';
import { runGolden } from '../../eval/run-golden.ts';
import { type ScoredCase, score } from '../../eval/score.ts';
import { type Verdict, verdictOn } from '../../eval/verdict.ts';
import { goldenSchema } from '../../scripts/golden-schema.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { createAiBackend } from '../../src/ai/index.ts';
import { loadPassages } from '../../src/ai/knowledge/passages.ts';
import { spawnNode } from '../support/spawned.ts';

const FOLDER = resolve('eval/golden');
const CASES = readGoldenFolder(FOLDER);
const BASELINE = readBaseline(join(FOLDER, 'baseline.json'));

describe('the golden set on the knowledge backend', () => {
  let scored: ScoredCase[];
  beforeAll(async () => {
    const ai = await createAiBackend({ backend: 'knowledge', knowledgeDir: resolve('knowledge') });
    scored = [];
    for (const [number, golden] of CASES.entries()) scored.push(await score(ai, golden, number));
  });

  it('goes no worse than its baseline: npm run eval -- --golden says which case', () => {
    expect(worseThan(BASELINE, figuresOf(scored))).toEqual([]);
  });

  it('answers nothing wrongly about the customer’s own things, and sends no complaint away', () => {
    expect(forbiddenIn(scored, BASELINE.knownFaults)).toEqual([]);
  });

  it('knows no fault that is gone: npm run eval -- --golden --update', () => {
    const forbidden = forbiddenIn(scored).join('\n');
    expect(BASELINE.knownFaults.filter((fault) => !forbidden.includes(fault))).toEqual([]);
  });
});

describe('the golden set', () => {
  const count = (isCounted: (golden: GoldenCase) => boolean): number => CASES.filter(isCounted).length;

  it('has enough of each kind, in five languages, and no case twice', () => {
    expect(CASES.length).toBeGreaterThan(1_000);
    expect(count(({ kind }) => kind === 'out-of-scope')).toBeGreaterThan(60);
    expect(count(({ kind }) => kind === 'own-things')).toBeGreaterThan(50);
    expect([...new Set(CASES.map(({ language }) => language))]).toEqual(['de', 'en', 'es', 'fr', 'pt']);
    const names = CASES.map(({ language, after, asked }) => `${language} ${after} ${asked}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('names only articles that there are', async () => {
    const titles = new Set((await loadPassages(resolve('knowledge'))).map(({ title }) => title));
    expect([...new Set(CASES.flatMap(({ articles }) => articles))].filter((title) => !titles.has(title))).toEqual([]);
  });

  it('is as its JSON Schema says, which is the one that is published: npm run schema', () => {
    const published = JSON.parse(readFileSync(resolve('schemas/golden.schema.json'), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(goldenSchema())));
    const isValid = new Ajv({ strict: true, allowUnionTypes: true }).compile(published);
    for (const language of new Set(CASES.map((golden) => golden.language))) {
      const text = readFileSync(join(FOLDER, `${language}.yaml`), 'utf8');
      expect([isValid(parse(text)), isValid.errors]).toEqual([true, null]);
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../schemas/golden.schema.json');
    }
    expect(isValid({ language: 'en', answerable: [{ asked: ['Hi'] }] })).toBe(false);
  });
});

const caseOf = (kind: Kind, articles: string[] = [], asked = 'So?'): GoldenCase => ({
  language: 'en',
  kind,
  after: null,
  asked,
  articles,
});
const from = (...titles: string[]): AiAnswer => ({
  action: 'reply',
  text: 'So it is.',
  sources: titles.map((title) => ({ title, path: 'a.md' })),
  confidence: 1,
  aiSessionId: null,
});
const HANDOFF: AiAnswer = { action: 'handoff', reason: 'no article', aiSessionId: null };
const PERSON: AiAnswer = { action: 'handoff', reason: 'the customer asks for a person', aiSessionId: null };
const WHICH: AiAnswer = { ...from(), asksBack: true };

describe('the verdict on an answer', () => {
  it.each<[GoldenCase, AiAnswer | null, Verdict]>([
    [caseOf('answerable', ['A', 'B']), from('B', 'C'), 'right'],
    [caseOf('answerable', ['A']), from('C'), 'wrong'],
    [caseOf('answerable', ['A']), from(), 'wrong'],
    [caseOf('answerable', ['A']), HANDOFF, 'handoff'],
    [caseOf('follow-up', ['A']), WHICH, 'asked-back'],
    [caseOf('out-of-scope'), HANDOFF, 'right'],
    [caseOf('out-of-scope'), from('A'), 'wrong'],
    [caseOf('own-things', ['A']), HANDOFF, 'right'],
    [caseOf('own-things', ['A']), from('A'), 'right'],
    [caseOf('own-things', ['A']), from('A', 'B'), 'wrong'],
    [caseOf('own-things'), from(), 'wrong'],
    [caseOf('person'), PERSON, 'right'],
    [caseOf('person'), HANDOFF, 'handoff'],
    [caseOf('person'), from('A'), 'wrong'],
    [caseOf('thanks'), from(), 'right'],
    [caseOf('thanks'), from('A'), 'wrong'],
    [caseOf('goodbye'), WHICH, 'wrong'],
    [caseOf('small-talk'), HANDOFF, 'handoff'],
    [caseOf('complaint', ['A']), HANDOFF, 'right'],
    [caseOf('complaint', ['A']), from('A'), 'right'],
    [caseOf('complaint', ['A']), from(), 'sent-away'],
    [caseOf('complaint'), from('B'), 'wrong'],
    [caseOf('complaint'), null, 'failed'],
  ])('%j, %j: %s', (golden, answer, verdict) => {
    expect(verdictOn(golden, answer)).toBe(verdict);
  });
});

const scoredAs = (golden: GoldenCase, verdict: Verdict, answer: AiAnswer | null = HANDOFF): ScoredCase => ({
  ...golden,
  verdict,
  answer,
  turns: [],
});

describe('the baseline', () => {
  const [one, two] = [caseOf('answerable', ['A'], 'One?'), caseOf('answerable', ['A'], 'Two?')];
  const recorded = (...scored: ScoredCase[]): Baseline => ({ figures: figuresOf(scored), knownFaults: [] });
  const before = recorded(scoredAs(one, 'right'), scoredAs(two, 'handoff'));

  it.each<[string, ScoredCase[], string[]]>([
    ['the same', [scoredAs(one, 'right'), scoredAs(two, 'handoff')], []],
    ['another one right', [scoredAs(one, 'handoff'), scoredAs(two, 'right')], []],
    ['better', [scoredAs(one, 'right'), scoredAs(two, 'right')], []],
    ['a question for a handoff', [scoredAs(one, 'right'), scoredAs(two, 'asked-back')], []],
    [
      'fewer right',
      [scoredAs(one, 'handoff'), scoredAs(two, 'handoff')],
      ['en answerable: 0 right, but 1 in the baseline'],
    ],
    ['more wrong', [scoredAs(one, 'right'), scoredAs(two, 'wrong')], ['en answerable: 1 wrong, but 0 in the baseline']],
    ['a failure', [scoredAs(one, 'right'), scoredAs(two, 'failed')], ['en answerable: 1 wrong, but 0 in the baseline']],
    ['a case less', [scoredAs(one, 'right')], ['en answerable: 1 cases, but 2 in the baseline']],
    [
      'a kind more',
      [scoredAs(one, 'right'), scoredAs(two, 'handoff'), scoredAs(caseOf('thanks'), 'right')],
      ['en thanks: 1 cases, but 0 in the baseline'],
    ],
    [
      'another language',
      [scoredAs({ ...one, language: 'nl' }, 'right')],
      ['en answerable: 0 cases, but 2 in the baseline', 'nl answerable: 1 cases, but 0 in the baseline'],
    ],
  ])('notices what is worse: %s', (_, now, worse) => {
    expect(worseThan(before, figuresOf(now))).toEqual(worse);
  });

  const own = scoredAs(caseOf('own-things', [], 'Where is\n\nmine?'), 'wrong', from('A'));
  const complaint = scoredAs(caseOf('complaint', [], 'Thanks a lot'), 'sent-away', from());

  it('excuses no wrong answer about the customer’s own things and no complaint sent away, but known ones', () => {
    expect(forbiddenIn([own, complaint, scoredAs(one, 'wrong', from('B'))])).toEqual([
      'own-things must never be wrong: en: Where is mine? (from A)',
      'complaint must never be sent-away: en: Thanks a lot (from no article)',
    ]);
    expect(forbiddenIn([own], ['en: Where is mine?'])).toEqual([]);
  });

  it('forgets known faults that are gone, and learns none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-baseline-'));
    const path = join(folder, 'baseline.json');
    writeBaseline(path, { figures: {}, knownFaults: ['en: Where is mine?', 'en: gone'] }, [own, complaint]);
    expect(readBaseline(path)).toEqual({ figures: figuresOf([own, complaint]), knownFaults: ['en: Where is mine?'] });
    rmSync(folder, { recursive: true });
  });

  it('is what eval/README.md says: npm run eval -- --golden --update', () => {
    const page = readFileSync(resolve('eval/README.md'), 'utf8');
    expect(withFiguresTable(page, BASELINE.figures)).toBe(page);
    expect(figuresTable(figuresOf([own, complaint, scoredAs(one, 'right'), scoredAs(two, 'handoff')]))).toMatch(
      /English +\| 4 +\| 50 % of 2 +\| 0 +\| 50 % +\| 0 of 0 +\| 1 of 1 +\| 1 of 1 +\| 0 of 0/,
    );
    expect(() => withFiguresTable('', BASELINE.figures)).toThrow('has no place for the figures');
  });

  it('is shown with what was wrong, to people and to programs', () => {
    const text = goldenReport('knowledge', [own, scoredAs(one, 'right', from('A'))]);
    expect(text).toContain('✗ en own-things, wrong: "Where is mine?"\n    A');
    expect(text).toMatch(/en {2}answerable +1 +1 +100 %/);
    expect(JSON.parse(goldenJson('knowledge', [own, scoredAs(one, 'right')]))).toMatchObject({
      cases: 2,
      figures: { en: { answerable: { right: 1 }, 'own-things': { wrong: 1 } } },
      notRight: [{ asked: 'Where is\n\nmine?', verdict: 'wrong' }],
    });
  });
});

describe('a case', () => {
  it('is asked after what was asked before it', async () => {
    const asked: unknown[] = [];
    const ai = {
      name: 'noting',
      generate: async ({ questions, transcript }: { questions: string[]; transcript: { text: string }[] }) => {
        asked.push([questions, transcript.map(({ text }) => text)]);
        return from('A');
      },
    };
    const golden = { ...caseOf('follow-up', ['A'], 'And then?'), after: 'First?' };
    expect(await score(ai, golden, 0)).toMatchObject({ verdict: 'right', turns: [{}, {}] });
    expect(asked).toEqual([
      [['First?'], []],
      [['And then?'], ['First?', 'So it is.']],
    ]);
  });
});

describe('npm run eval -- --golden', () => {
  it('asks the AI of the environment', async () => {
    const command = spawnNode(['eval/run.ts', '--golden', 'pt'], { KNOWLEDGE_DIR: 'test' });
    expect(await command.ends()).toBe(0);
    expect(command.output()).toMatch(/AI knowledge, \d+ cases\n[\s\S]+pt {2}answerable/);
  });

  const options = { json: false, inFlight: 1 };
  it('refuses a language that the set has not, and to record a part of it', async () => {
    await expect(runGolden(['xx'], { ...options, update: false })).rejects.toThrow('no xx: it has de, en, es, fr, pt');
    await expect(runGolden(['pt'], { ...options, update: true })).rejects.toThrow('--update records the whole set');
  });
});

describe('a file of the golden set that can’t be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-golden-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['answerable: [', /can't be played/],
    ['{ language: en, answerable: [{ asked: [So?] }] }', /answerable\.0\.article/],
    ['{ language: en, thanks: [{ asked: [] }] }', /thanks\.0\.asked/],
    ['{ language: en, follow-up: [{ asked: [So?], article: A }] }', /follow-up\.0\.after/],
    ['{ language: en, questions: [] }', /questions/],
  ])('says where: %s', (yaml, message) => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(path, yaml);
    expect(() => readGolden(path)).toThrow(BadConversations);
    expect(() => readGolden(path)).toThrow(message);
  });
});
