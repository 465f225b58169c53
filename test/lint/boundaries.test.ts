import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const DETERMINISTIC = 'Workflow code is deterministic';
const BY_PARAMETER = 'Activities get what they need by parameter';
const ONLY_HTTP = 'The API turns HTTP into workflow starts';
const LEANED_ON = 'hubspot, ai and sessions are what the others lean on';
const OF_NOBODY = 'src/lib is nobody’s domain';
const NOT_FROM_DEV = 'The code in dev is for development only';
const ONE_DOOR = 'src/config.ts is the one door to the settings';
const GENERATED = "HubSpot's generated types stay in src/hubspot";

/** A file, what it says, and the beginning of what the linter has to say about it. */
const CASES: [path: string, statement: string, message: string | null][] = [
  ['src/workflows/a.ts', "import { readFile } from 'node:fs/promises';", DETERMINISTIC],
  ['src/workflows/a.ts', "import pMap from 'p-map';", DETERMINISTIC],
  ['src/workflows/a.ts', "import 'node:fs';", DETERMINISTIC],
  ['src/workflows/a.ts', "export const later = () => import('pino');", DETERMINISTIC],
  ['src/workflows/a.ts', "export { post } from '../activities/hubspot.ts';", DETERMINISTIC],
  ['src/workflows/a.ts', "export * from '../config.ts';", DETERMINISTIC],
  ['src/workflows/a.ts', "import { createHubSpotActivities } from '../activities/hubspot.ts';", DETERMINISTIC],
  ['src/workflows/reply/a.ts', "import { createHubSpotClient } from '../../hubspot/client.ts';", DETERMINISTIC],
  ['src/workflows/reply/a.ts', "import { loadConfig } from '../../config.ts';", DETERMINISTIC],
  ['src/workflows/reply/a.ts', "import { post } from '../../activities/hubspot.ts';", DETERMINISTIC],
  ['src/workflows/reply/a.ts', "import { settings } from '../../../eval/settings.ts';", DETERMINISTIC],
  ['src/workflows/reply/a.ts', "import { story } from '../shared/run-details.ts';", null],
  ['src/workflows/reply/a.ts', "import { story } from '../index.ts';", null],
  ['src/workflows/reply/a.ts', "import { COMMANDS } from '../../rules/command.ts';", null],
  ['src/workflows/reply/a.ts', "import { whyNotForAi } from '../../rules/speaking/message-filter.ts';", null],
  ['src/workflows/a.ts', "import { handOff } from '../runs/hand-off.ts';", null],
  ['src/rules/a.ts', "import { createHubSpotClient } from '../hubspot/client.ts';", DETERMINISTIC],
  ['src/rules/speaking/a.ts', "import { loadConfig } from '../../config.ts';", DETERMINISTIC],
  ['src/rules/speaking/a.ts', "import { handOff } from '../../runs/hand-off.ts';", DETERMINISTIC],
  ['src/rules/a.ts', "import { handOff } from '../workflows/index.ts';", DETERMINISTIC],
  ['src/rules/a.ts', "import pMap from 'p-map';", DETERMINISTIC],
  ['src/rules/speaking/a.ts', "import { signatureFor } from '../replying/signature.ts';", null],
  ['src/runs/a.ts', "import { handOff } from '../workflows/index.ts';", DETERMINISTIC],
  ['src/runs/a.ts', "import { createClient } from '../temporal/connection.ts';", DETERMINISTIC],
  ['src/runs/a.ts', "import { COMMANDS } from '../rules/command.ts';", null],
  ['src/runs/a.ts', "import { toActorId } from '../hubspot/ids.ts';", null],
  ['src/workflows/a.ts', "import type { HubSpotActivities } from '../activities/hubspot.ts';", null],
  ['src/workflows/a.ts', "import { sleep } from '@temporalio/workflow';", null],
  ['src/workflows/a.ts', "import { z } from 'zod';", DETERMINISTIC],
  ['src/workflows/a.ts', "import { portalPriority } from '../temporal/priority.ts';", DETERMINISTIC],
  ['src/rules/speaking/a.ts', "import { channelName } from '../../hubspot/channels.ts';", null],
  ['src/rules/a.ts', "import { authorOf } from '../hubspot/author.ts';", null],
  ['src/rules/handoff/a.ts', "import { holdsNoValue } from '../../hubspot/property-value.ts';", null],
  ['src/workflows/a.ts', "import { safeReason } from '../ai/check-answer.ts';", DETERMINISTIC],
  ['src/rules/speaking/a.ts', "import { whyNotForAi } from './message-filter.ts';", null],
  ['src/rules/replying/a.ts', "import { toHtml } from '../../hubspot/markup.ts';", null],

  ['src/activities/a.ts', "import { loadConfig } from '../config.ts';", BY_PARAMETER],
  ['src/activities/a.ts', "import { readAis } from '../config/ai.ts';", BY_PARAMETER],
  ['src/activities/a.ts', "import { createLogger } from '../logging.ts';", BY_PARAMETER],
  ['src/activities/a.ts', "import { listen } from '../api/server.ts';", BY_PARAMETER],
  ['src/activities/a.ts', "import { startWorker } from '../processes/worker.ts';", BY_PARAMETER],
  ['src/activities/a.ts', "import type { Config } from '../config.ts';", null],
  ['src/activities/a.ts', "import type { AiConfig } from '../config/ai.ts';", null],
  ['src/activities/a.ts', "import { findOwnPost } from '../rules/replying/own-post.ts';", null],

  ['src/api/a.ts', "import { createAiActivities } from '../activities/ai.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { createHubSpotClient } from '../hubspot/client.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { createAiBackend } from '../ai/index.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { openSessionStore } from '../sessions/open-session-store.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { loadConfig } from '../config.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { SETTINGS } from '../config/environment.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { startApi } from '../processes/api.ts';", ONLY_HTTP],
  ['src/api/a.ts', "import { verifySignature } from '../hubspot/signature.ts';", null],
  ['src/api/a.ts', "import type { WebhookSecret } from '../config.ts';", null],

  ['src/hubspot/a.ts', "import { plan } from '../api/plan.ts';", LEANED_ON],
  ['src/ai/a.ts', "import { SKIP_REASONS } from '../rules/skip-reasons.ts';", LEANED_ON],
  ['src/sessions/a.ts', "import { replyToMessage } from '../runs/reply-to-message.ts';", LEANED_ON],
  ['src/sessions/a.ts', "import { createClient } from '../temporal/connection.ts';", LEANED_ON],
  ['src/sessions/a.ts', "import { loadConfig } from '../config.ts';", LEANED_ON],
  ['src/sessions/a.ts', "import { duration } from '../config/primitives.ts';", LEANED_ON],
  ['src/ai/a.ts', "import { readAis } from '../config/ai.ts';", LEANED_ON],
  ['src/hubspot/a.ts', "import { readOAuth } from '../config/oauth.ts';", LEANED_ON],
  ['src/ai/knowledge/a.ts', "import { createAiActivities } from '../../activities/ai.ts';", LEANED_ON],
  ['src/ai/a.ts', "import { retryAfterMs } from '../lib/retry-after.ts';", null],

  ['src/lib/a.ts', "import { toActorId } from '../hubspot/ids.ts';", OF_NOBODY],
  ['src/lib/a.ts', "import { loadConfig } from '../config.ts';", OF_NOBODY],
  ['src/lib/a.ts', "import { cached } from './cached.ts';", null],
  ['src/lib/a.ts', "import pLimit from 'p-limit';", null],
  ['src/hubspot/a.ts', "import type { WebhookSecret } from '../config.ts';", null],

  ['src/processes/a.ts', "import { startSimulator } from '../../dev/simulator/simulator.ts';", NOT_FROM_DEV],
  ['src/temporal/embedded/a.ts', "import { startSimulator } from '../../../dev/simulator/simulator.ts';", NOT_FROM_DEV],
  ['src/api/a.ts', "import { createPlayground } from '../../dev/demo/playground/playground.ts';", NOT_FROM_DEV],
  ['src/config/a.ts', "import { startSimulator } from '../../dev/simulator/simulator.ts';", NOT_FROM_DEV],
  ['src/start.ts', "import { startSimulator } from '../dev/simulator/simulator.ts';", NOT_FROM_DEV],
  ['src/lib/a.ts', "import { startSimulator } from '../../dev/simulator/simulator.ts';", OF_NOBODY],
  ['src/rules/a.ts', "import { startSimulator } from '../../dev/simulator/simulator.ts';", DETERMINISTIC],
  ['dev/demo.ts', "import { startSimulator } from './simulator/simulator.ts';", null],
  ['dev/demo.ts', "import { startWorker } from '../src/processes/worker.ts';", null],

  ['src/processes/a.ts', "import { readOAuth } from '../config/oauth.ts';", ONE_DOOR],
  ['src/doctor.ts', "import { readOAuth } from './config/oauth.ts';", ONE_DOOR],
  ['src/workflows/a.ts', "import { duration } from '../config/primitives.ts';", DETERMINISTIC],
  ['src/processes/a.ts', "import { loadConfig } from '../config.ts';", null],
  ['src/config.ts', "import { readOAuth } from './config/oauth.ts';", null],
  ['src/config/a.ts', "import { duration } from './primitives.ts';", null],

  ['src/activities/a.ts', "import type { components } from '../hubspot/openapi.ts';", GENERATED],
  ['src/processes/a.ts', "import type { paths } from '../hubspot/openapi.ts';", GENERATED],
  ['src/hubspot/a.ts', "import type { paths } from './openapi.ts';", null],
];

const settings = { plugins: ['./boundaries.grit'], linter: { rules: { preset: 'none' } } };

interface Report {
  diagnostics: { message: string; location: { path: string } }[];
}

/** The linter's answer, which it gives with an exit code of 1 when it finds something. */
const lint = async (folder: string): Promise<Report> => {
  const biome = join(ROOT, 'node_modules', '.bin', 'biome');
  const words = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = await promisify(execFile)(biome, words, { cwd: folder }).catch((error) => error);
  return JSON.parse(stdout);
};

describe('lint/boundaries.grit', () => {
  let folder: string;
  let report: Report;
  // Each case in a tree of its own.
  const placeOf = (index: number): string => `case-${index}/`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadkeeper-lint-'));
    await copyFile(join(ROOT, 'lint', 'boundaries.grit'), join(folder, 'boundaries.grit'));
    await writeFile(join(folder, 'biome.json'), JSON.stringify(settings));
    for (const [index, [path, statement]] of CASES.entries()) {
      const file = join(folder, placeOf(index), path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${statement}\n`);
    }
    report = await lint(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(CASES.map((one, index) => [...one, index] as const))('%s: %s → %s', (_path, _statement, message, index) => {
    const about = report.diagnostics.filter(({ location }) => location.path.startsWith(placeOf(index)));
    expect(about.map((diagnostic) => diagnostic.message)).toEqual(
      message === null ? [] : [expect.stringContaining(message)],
    );
  });

  it('is what the repository is linted with', async () => {
    const { plugins } = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8'));
    expect(plugins).toEqual(['./lint/boundaries.grit']);
  });
});

/** The folder of `src` that a file is in; entry points are in none. `config.ts` is the door of its folder. */
const folderOf = (path: string): string | null => {
  if (path === 'config.ts') return 'config';
  return path.includes('/') ? (path.split('/')[0] ?? null) : null;
};

/** `a imports b`, for every two folders of which a file of one imports a file of the other, types included. */
const importsBetween = (files: { path: string; text: string }[]): Set<string> => {
  const pairs = files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, target = '']) => [
      folderOf(path),
      folderOf(posix.join(posix.dirname(path), target)),
    ]),
  );
  return new Set(pairs.filter(([a, b]) => a && b && a !== b).map(([a, b]) => `${a} imports ${b}`));
};

const mutual = (imports: Set<string>): string[] =>
  [...imports].filter((one) => imports.has(one.split(' ').reverse().join(' ')));

describe('the folders of src', () => {
  it('never import each other both ways, types included', () => {
    const root = join(ROOT, 'src');
    const files = globSync('**/*.ts', { cwd: root }).map((path) => ({
      path: path.replaceAll('\\', '/'),
      text: readFileSync(join(root, path), 'utf8'),
    }));
    expect(files.length).toBeGreaterThan(100);
    expect(mutual(importsBetween(files))).toEqual([]);
  });

  it('are found out where they do', () => {
    const files = [
      { path: 'workflows/reply/a.ts', text: "import type { Post } from '../../activities/hubspot.ts';" },
      { path: 'activities/a.ts', text: "import { replyToMessage } from '../workflows/index.ts';" },
      { path: 'config.ts', text: "import { ids } from './hubspot/ids.ts';" },
    ];
    expect(mutual(importsBetween(files))).toEqual(['workflows imports activities', 'activities imports workflows']);
  });
});
