#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { extname } from 'node:path';
import { WRONG_CALL } from './command-line.ts';
import { nearestName } from './lib/nearest-name.ts';
import { explain } from './processes/explain.ts';

interface Program {
  /** In a few words; what it does in full is in `--help` of the command. */
  does: string;
  /** Its module, from this one. It reads the words behind the command as its own arguments when it is loaded. */
  module: string;
}

const PROGRAMS: Record<string, Program> = {
  demo: { does: 'plays a conversation, with no account and nothing to set up', module: '../dev/demo' },
  start: { does: 'API and worker in one, with a Temporal server where none is configured', module: './start' },
  api: { does: 'takes webhooks and starts runs', module: './api' },
  worker: { does: 'runs workflows and activities', module: './worker' },
  setup: { does: "makes Temporal's namespace ready", module: './setup' },
  'roll-out': { does: 'says whether a roll-out would take away workers that are needed', module: './roll-out' },
  doctor: { does: 'checks every setting against the real systems', module: './doctor' },
  ask: { does: 'answers a question with the AI of your environment, and posts nothing', module: './ask' },
  eval: { does: 'plays conversations, or your closed threads, on that AI', module: '../eval/run' },
  stop: { does: 'stops the AI at once in one portal or in all, or ends a stop', module: './stop' },
  outcomes: {
    does: 'prints how many conversations the AI resolved, and why others went to agents',
    module: './outcomes',
  },
  usage: { does: 'prints tokens and cost', module: './usage' },
  shadow: { does: 'prints how shadow mode goes', module: './shadow' },
  keys: { does: 'prints a new key for PAYLOAD_KEYS or TOKEN_KEYS', module: './keys' },
  'codec-server': { does: 'shows encrypted histories to those who may read them', module: './codec-server' },
  temporal: { does: "Temporal's own command line", module: './cli' },
};
const NAMES = Object.keys(PROGRAMS);

const EXAMPLES = [
  ['threadkeeper demo', 'see it work, with nothing configured'],
  ['threadkeeper doctor', 'is every setting right?'],
  ['threadkeeper start', 'run it all in this process'],
  ['threadkeeper stop --by Kim', 'silence the AI now (--end lets it speak again)'],
  ['threadkeeper usage --days 30', 'what the AI cost'],
  ['threadkeeper temporal workflow list', "Temporal's runs"],
];

const columns = (rows: (readonly [string, string])[], width: number): string =>
  rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');

const usage = (): string => `Usage: threadkeeper COMMAND [options]

${columns(
  NAMES.map((name) => [name, PROGRAMS[name]?.does ?? ''] as const),
  14,
)}
  --help        prints this, or what a command takes
  --version     prints the version

Settings come from the environment, and from the file .env in this folder where there is one.

Examples:
${columns(
  EXAMPLES.map(([line = '', why = '']) => [line, why] as const),
  38,
)}
It ends with 0 when all went well, 1 when something has to be put right, 2 when it was called wrongly.
`;

const version = (): string => {
  const manifest = findPackageJSON('..', import.meta.url);
  return manifest === undefined ? 'unknown' : JSON.parse(readFileSync(manifest, 'utf8')).version;
};

const refuse = (line: string): void => {
  process.stderr.write(`${line}\n`);
  process.exitCode = WRONG_CALL;
};

const run = async (name: string, { module }: Program): Promise<void> => {
  const url = new URL(`${module}${extname(import.meta.url)}`, import.meta.url);
  // The image has neither: they are for a developer's machine.
  if (!existsSync(url)) {
    return refuse(`threadkeeper ${name} is not in this image: it needs a checkout or the npm package.`);
  }
  try {
    await import('./lib/load-env.ts');
    await import(url.href);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
};

// The program then finds its own words where it looks for them.
const [name] = process.argv.splice(2, 1);
const program = name !== undefined && Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
if (name !== undefined && program) {
  await run(name, program);
} else if (name === '--version' || name === '-v') {
  process.stdout.write(`${version()}\n`);
} else if (name === '--help' || name === '-h' || name === 'help') {
  process.stdout.write(usage());
} else if (name === undefined) {
  refuse(usage());
} else {
  const nearest = nearestName(name, NAMES) ?? NAMES.find((one) => name.length > 2 && one.startsWith(name));
  const meant = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  refuse(`There is no command "${name}".${meant} threadkeeper --help lists them.`);
}
