import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import pMap from 'p-map';
import { COMMANDS, helpText } from '../../src/command-line.ts';
import { SETTINGS } from '../../src/config.ts';
import { WORKFLOW_TYPES } from '../../src/runs/run-types.ts';
import {
  parseCatchUp,
  parseDraftDecision,
  parseFollowCommand,
  parseForgetContact,
  parseForgetThread,
  parseHandOff,
  parseReplyToMessage,
} from '../../src/workflows/shared/input.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';
import { codeBlocks, codesIn, PAGES, ROOT, read } from './markdown.ts';
import { optionsIn, type ShellCommand, shellCommands, wordBehind } from './shell.ts';

const run = promisify(execFile);
const SCRIPTS: Record<string, string> = JSON.parse(read('package.json')).scripts;
const NAMES = Object.keys(COMMANDS) as (keyof typeof COMMANDS)[];

/** What else the pages may call; these are not run here. */
const OTHERS = ['echo', 'cd', 'cp', 'docker', 'gunzip', 'helm', 'hs', 'kubectl', 'podman', 'promtool', 'sh'];
/** Variables of Temporal's own programs. */
const TEMPORALS = ['TEMPORAL_CODEC_ENDPOINT'];
/** Options of every `temporal` command that its help leaves out; test/e2e/encryption.slow.test.ts runs them. */
const UNTOLD = ['--codec-endpoint', '--codec-auth'];

const PARSERS: Record<string, (input: unknown) => unknown> = {
  replyToMessage: parseReplyToMessage,
  followCommand: parseFollowCommand,
  handOff: parseHandOff,
  catchUp: parseCatchUp,
  forgetThread: parseForgetThread,
  forgetContact: parseForgetContact,
};

interface Shown extends ShellCommand {
  page: string;
  /** For people who read a failure. */
  line: string;
}

const shownIn = (page: string, block: string): Shown[] =>
  shellCommands(block).map((command) => ({ ...command, page, line: command.words.join(' ') }));

/** `docker compose exec worker threadkeeper usage --days 30` is `npm run usage -- --days 30`. */
const ofCheckout = (shown: Shown): Shown => {
  const at = shown.words.indexOf('threadkeeper');
  const isOurs =
    at >= 0 && /^docker compose (?:exec|run) /.test(shown.line) && /^[a-z]/.test(shown.words[at + 1] ?? '');
  return isOurs
    ? { ...shown, words: ['npm', 'run', ...shown.words.slice(at + 1, at + 2), '--', ...shown.words.slice(at + 2)] }
    : shown;
};

/** All that stands in blocks of commands, and what of Temporal and npm stands between backticks. */
const SHOWN: Shown[] = [...PAGES, 'eval/README.md', 'test/chaos/README.md']
  .flatMap((page) => [
    ...codeBlocks(read(page), '(?:sh|bash)').flatMap((block) => shownIn(page, block)),
    ...codesIn(read(page))
      .filter((code) => /^(?:temporal [a-z]|npm run )/.test(code) && !code.includes('…'))
      .flatMap((code) => shownIn(page, code)),
  ])
  .map(ofCheckout);

/** `npm run temporal -- workflow …` is `temporal workflow …`. */
const ofTemporal = SHOWN.flatMap((command) => {
  const { words } = command;
  if (words[0] === 'temporal') return { ...command, words: words.slice(1) };
  const isOurs = words.slice(0, 3).join(' ') === 'npm run temporal' && words.length > 4;
  return isOurs ? { ...command, words: words.slice(4) } : [];
});

/** The words before the first option: `workflow update execute`. */
const subcommandOf = ({ words }: ShellCommand): string =>
  words.slice(0, words.findIndex((word) => word.startsWith('-')) >>> 0).join(' ');

describe('a command of the pages', () => {
  it('is found at all', () => {
    expect(SHOWN.length).toBeGreaterThan(60);
    expect(ofTemporal.length).toBeGreaterThan(30);
  });

  it('calls a program that is known here', () => {
    const known = ['npm', 'temporal', ...OTHERS];
    expect(SHOWN.filter(({ words }) => words[0] && !known.includes(words[0])).map(({ line }) => line)).toEqual([]);
  });

  it('sets only variables that somebody reads', () => {
    const named = SHOWN.flatMap(({ variables }) => Object.keys(variables));
    expect(named.filter((name) => !SETTINGS.includes(name) && !TEMPORALS.includes(name))).toEqual([]);
  });

  it('names only files that are here, or that its reader makes', () => {
    const made = ['.env', 'secrets.env', 'my-values.yaml'];
    const paths = SHOWN.flatMap(({ words }) => words.slice(1)).filter((word) =>
      /^(?:\.env|(?:bench|deploy|dev|docs|eval|hubspot-app|knowledge|ops|schemas|scripts|src|test)\b[\w./-]*|[\w-]+\.(?:ya?ml|env))/.test(
        word,
      ),
    );
    const exists = (path: string) => made.includes(path) || existsSync(join(ROOT, path)) || path.startsWith('test:');
    expect(paths.filter((path) => !exists(path) && !(path in SCRIPTS))).toEqual([]);
  });
});

describe('an npm script', () => {
  it('is there for each command that the pages run in a container', () => {
    const contained = SHOWN.filter(({ line, words }) => line.startsWith('docker ') && words[0] === 'npm');
    expect(contained.length).toBeGreaterThan(5);
    expect(contained.filter(({ words }) => !((words[2] ?? '') in SCRIPTS)).map(({ line }) => line)).toEqual([]);
  });

  it.each(NAMES)('%s answers --help', (name) => {
    const started = /(?:src|dev|eval|dist)\/[\w-]+\.[jt]s$/.exec(SCRIPTS[name] ?? '')?.[0] ?? '';
    const file = started.replace(/^dist\/(.*)\.js$/, 'src/$1.ts');
    expect(read(file)).toMatch(new RegExp(`\\b(?:answerHelpOnly|readCall)\\('${name}'`));
  });

  it('says what it does without any setting, and refuses what it does not know', async () => {
    const keys = join(ROOT, 'src/keys.ts');
    expect((await run(process.execPath, [keys, '--help'], { env: {} })).stdout).toBe(helpText('keys'));
    await expect(run(process.execPath, [keys, '--days'], { env: {} })).rejects.toMatchObject({ code: 2, stdout: '' });
  });

  it('is shown only with options that it has', () => {
    const wrong = SHOWN.flatMap(({ words, line }) => {
      const [npm, ...rest] = words;
      if (npm !== 'npm' || rest[0] !== 'run') return [];
      const [name = '', ...options] = rest.slice(1).filter((word) => word !== '--silent');
      const explained = NAMES.find((known) => known === name);
      if (!explained) return [];
      return optionsIn(options).some((option) => !helpText(explained).includes(`${option} `)) ? [line] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe('a temporal command', () => {
  const help = new Map<string, string>();
  beforeAll(async () => {
    const subcommands = [...new Set(ofTemporal.map(subcommandOf))];
    await pMap(
      subcommands,
      async (subcommand) => {
        const { stdout } = await run(suiteTemporal().cliPath, [...subcommand.split(' '), '--help']);
        help.set(subcommand, stdout);
      },
      { concurrency: 4 },
    );
  });

  it('exists, and has the options that it is shown with', () => {
    const wrong = ofTemporal.flatMap((command) => {
      const subcommand = subcommandOf(command);
      const explained = help.get(subcommand) ?? '';
      const isKnown = explained.includes(`temporal ${subcommand} [`);
      const unknown = optionsIn(command.words).filter(
        (option) => !UNTOLD.includes(option) && !new RegExp(`${option}\\b(?!-)`).test(explained),
      );
      return isKnown && unknown.length === 0 ? [] : [`${command.page}: ${command.line} (${unknown.join(', ')})`];
    });
    expect(wrong).toEqual([]);
  });

  it('starts a workflow that exists, with an input that it takes', () => {
    for (const { words } of ofTemporal) {
      const [type, json] = [wordBehind(words, '--type'), wordBehind(words, '--input')];
      if (!/^workflow (?:start|execute)\b/.test(words.join(' '))) continue;
      expect(WORKFLOW_TYPES).toContain(type);
      expect(() => PARSERS[type ?? '']?.(JSON.parse(json ?? ''))).not.toThrow();
      expect(Object.keys(PARSERS)).toContain(type);
    }
  });

  it('decides on a draft in a way that a run takes', () => {
    const decisions = ofTemporal.filter(({ words }) => wordBehind(words, '--name') === 'decideDraft');
    expect(decisions.length).toBeGreaterThan(0);
    for (const { words } of decisions) {
      expect(() => parseDraftDecision(JSON.parse(wordBehind(words, '--input') ?? ''))).not.toThrow();
    }
  });
});
