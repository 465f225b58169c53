import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import { openPortalAis } from '../src/ai/index.ts';
import { answerHelp, WRONG_CALL } from '../src/command-line.ts';
import { type Config, loadDemoConfig } from '../src/config.ts';
import type { PortalId } from '../src/hubspot/ids.ts';
import { figuresOf, forbiddenIn, readBaseline, worseThan, writeBaseline } from './baseline.ts';
import { readConversations } from './conversation.ts';
import { readGoldenFolder } from './golden.ts';
import { goldenJson, goldenReport } from './golden-report.ts';
import { type Circumstances, play } from './play.ts';
import { figures, report } from './report.ts';
import { score } from './score.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DEMO = here('demo.yaml');
const GOLDEN = here('golden');
const BASELINE = here('golden/baseline.json');
const ARTICLES = here('../knowledge');

/** The words of the command fit nothing that it does. */
class WrongCall extends Error {
  override readonly name = 'WrongCall';
}

/** On a terminal one line that counts; where a file or a log takes it, a line now and then. */
const tellProgress = (done: number, all: number, what: string): void => {
  const words = `${done}/${all} ${what}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${words}${done === all ? '\n' : ''}`);
  else if (done % Math.max(10, Math.ceil(all / 20)) === 0 || done === all) process.stderr.write(`${words}\n`);
};

interface Options {
  json: boolean;
  inFlight: number;
}

/** The AI of the environment's portal, and what its answers are held against. */
const openAi = async (config: Config) => {
  const ais = await openPortalAis(config);
  const portalId = config.portals[0]?.settings.portalId as PortalId;
  const circumstances: Circumstances = { linkDomains: ais.linkDomainsOf(portalId), prices: config.aiPrices };
  return { ai: ais.backendOf(portalId), circumstances };
};

/** Of all settings only the AI's matter. */
const aiConfig = (): Config =>
  loadDemoConfig({
    HUBSPOT_PORTAL_ID: '1',
    HUBSPOT_ACCESS_TOKEN: 'none',
    HUBSPOT_CLIENT_SECRET: 'none',
    HUBSPOT_AI_ACTOR_ID: 'A-1',
    WEBHOOK_PUBLIC_URL: 'http://localhost',
  });

const inFlight = async <Item, Result>(
  items: Item[],
  what: string,
  concurrency: number,
  each: (item: Item, number: number) => Promise<Result>,
): Promise<Result[]> => {
  let done = 0;
  const one = async (item: Item, number: number): Promise<Result> => {
    const result = await each(item, number);
    done += 1;
    tellProgress(done, items.length, what);
    return result;
  };
  return await pMap(items, one, { concurrency });
};

const playFiles = async (files: string[], options: Options): Promise<number> => {
  const { ai, circumstances } = await openAi(aiConfig());
  const conversations = (files.length === 0 ? [DEMO] : files).flatMap(readConversations);
  const played = await inFlight(conversations, 'conversations', options.inFlight, (conversation, number) =>
    play(ai, conversation, number, circumstances),
  );
  process.stdout.write(
    options.json ? `${JSON.stringify({ ...figures(ai.name, played), played }, null, 2)}\n` : report(ai.name, played),
  );
  return played.some(({ turns }) => turns.some(({ faults }) => faults.length > 0)) ? 1 : 0;
};

/** Only the `knowledge` backend on the demo's articles has a baseline: it gives every machine the same answers. */
const hasBaseline = ({ ai }: Config): boolean =>
  ai.backend === 'knowledge' && resolve(ai.knowledgeDir) === resolve(ARTICLES);

const playGolden = async (languages: string[], options: Options & { update: boolean }): Promise<number> => {
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
  const scored = await inFlight(cases, 'cases', options.inFlight, (golden, number) =>
    score(ai, golden, number, circumstances),
  );
  process.stdout.write(options.json ? goldenJson(ai.name, scored) : goldenReport(ai.name, scored));
  const before = isRecorded && existsSync(BASELINE) ? readBaseline(BASELINE) : { figures: {}, knownFaults: [] };
  if (options.update) writeBaseline(BASELINE, before, scored);
  const isCompared = isRecorded && languages.length === 0 && !options.update;
  const faults = [
    ...forbiddenIn(scored, before.knownFaults),
    ...(isCompared ? worseThan(before, figuresOf(scored)) : []),
  ];
  if (faults.length > 0) process.stderr.write(`\n${faults.join('\n')}\n`);
  return faults.length > 0 ? 1 : 0;
};

/**
 * `npm run eval`: exit code 0 when every answer was as expected, or the golden set went no worse than its baseline; 1
 * when not; 2 when nothing could be played.
 */
const main = async (words: string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'in-flight': { type: 'string', default: '4' },
      golden: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
    },
  });
  const options = { json: values.json, inFlight: Number(values['in-flight']) };
  if (values.golden) return await playGolden(positionals, { ...options, update: values.update });
  if (values.update) throw new WrongCall('--update belongs to --golden');
  return await playFiles(positionals, options);
};

answerHelp('eval');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = WRONG_CALL;
}
