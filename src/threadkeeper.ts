#!/usr/bin/env node
import { WRONG_CALL } from './command-line.ts';

/**
 * What the image can be asked for, by name. Each module is a program: it reads the words behind its name as its own
 * arguments when it is loaded.
 */
const PROGRAMS: Record<string, { does: string; load: () => Promise<unknown> }> = {
  api: { does: 'takes webhooks and starts runs', load: () => import('./api.ts') },
  worker: { does: 'runs workflows and activities', load: () => import('./worker.ts') },
  start: {
    does: 'API and worker in one, with a Temporal server where none is configured',
    load: () => import('./start.ts'),
  },
  setup: { does: "makes Temporal's namespace ready", load: () => import('./setup.ts') },
  'codec-server': {
    does: 'shows encrypted histories to those who may read them',
    load: () => import('./codec-server.ts'),
  },
  doctor: { does: 'checks every setting against the real systems', load: () => import('./doctor.ts') },
  stop: { does: 'stops the AI, in every portal or in one; ends a stop', load: () => import('./stop.ts') },
  ask: {
    does: 'answers a question with the AI of your environment, and posts nothing',
    load: () => import('./ask.ts'),
  },
  outcomes: { does: 'prints what became of conversations', load: () => import('./outcomes.ts') },
  usage: { does: 'prints tokens and cost', load: () => import('./usage.ts') },
  shadow: { does: 'prints how shadow mode goes', load: () => import('./shadow.ts') },
  keys: { does: 'prints a new key for PAYLOAD_KEYS or TOKEN_KEYS', load: () => import('./keys.ts') },
  temporal: {
    does: "Temporal's own command line: threadkeeper temporal workflow list",
    load: () => import('./cli.ts'),
  },
};

const usage = (): string => {
  const lines = Object.entries(PROGRAMS).map(([name, { does }]) => `  ${name.padEnd(14)}${does}`);
  return `Usage: threadkeeper COMMAND [options]\n\n${lines.join('\n')}\n`;
};

const [name] = process.argv.splice(2, 1);
const program = name !== undefined && Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
if (program) {
  await program.load();
} else if (name === '--help' || name === '-h') {
  process.stdout.write(usage());
} else {
  process.stderr.write(name === undefined ? usage() : `There is no command "${name}".\n\n${usage()}`);
  process.exitCode = WRONG_CALL;
}
