import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../src/config.ts';
import { type Baseline, figuresOf, forbiddenIn, readBaseline, worseThan, writeBaseline } from './baseline.ts';
import { aiConfig, type Options, openAi, WrongCall, withProgress } from './command.ts';
import { withFiguresTable } from './figures-table.ts';
import { readGoldenFolder } from './golden.ts';
import { goldenJson, goldenReport } from './golden-report.ts';
import { score } from './score.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const GOLDEN = here('golden');
const BASELINE = here('golden/baseline.json');
const PAGE = here('README.md');
const ARTICLES = here('../knowledge');

/** Only the `knowledge` backend on the demo's articles has a baseline: it gives every machine the same answers. */
const hasBaseline = ({ ai }: Config): boolean =>
  ai.backend === 'knowledge' && resolve(ai.knowledgeDir) === resolve(ARTICLES);

/**
 * Asks the golden set, or its `languages` alone. Exit code 0; 1 where a case is forbidden, or figures are worse than
 * the baseline's.
 * @throws {WrongCall | BadConversations}
 */
export const runGolden = async (languages: string[], options: Options & { update: boolean }): Promise<number> => {
  const all = readGoldenFolder(GOLDEN);
  const known = new Set(all.map(({ language }) => language));
  const strange = languages.filter((language) => !known.has(language));
  if (strange.length > 0)
    throw new WrongCall(`The golden set has no ${strange.join(', ')}: it has ${[...known].join(', ')}`);
  const config = aiConfig();
  const isRecorded = hasBaseline(config);
  if (options.update && (!isRecorded || languages.length > 0))
    throw new WrongCall('--update records the whole set, of AI_BACKEND=knowledge on the folder knowledge');
  const cases = languages.length === 0 ? all : all.filter(({ language }) => languages.includes(language));
  const { ai, circumstances } = await openAi(config);
  const scored = await withProgress(cases, 'cases', options, (golden, number) =>
    score(ai, golden, number, circumstances),
  );
  process.stdout.write(options.json ? goldenJson(ai.name, scored) : goldenReport(ai.name, scored));
  const baseline: Baseline =
    isRecorded && existsSync(BASELINE) ? readBaseline(BASELINE) : { figures: {}, knownFaults: [] };
  if (options.update) {
    writeBaseline(BASELINE, baseline, scored);
    writeFileSync(PAGE, withFiguresTable(readFileSync(PAGE, 'utf8'), figuresOf(scored)));
  }
  const isCompared = isRecorded && languages.length === 0 && !options.update;
  const faults = [
    ...forbiddenIn(scored, baseline.knownFaults),
    ...(isCompared ? worseThan(baseline, figuresOf(scored)) : []),
  ];
  if (faults.length > 0) process.stderr.write(`\n${faults.join('\n')}\n`);
  return faults.length > 0 ? 1 : 0;
};
