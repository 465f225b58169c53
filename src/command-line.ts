import { basename } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearestName } from './lib/nearest-name.ts';

/** A command, for whoever asks it for help. */
export interface CommandHelp {
  /** It does this, in a sentence or two. */
  does: string;
  /** Each option is for this, by its name. */
  options?: Record<string, string>;
}

/**
 * The commands that people call, by name: `npm run NAME -- options` in a checkout, `threadkeeper NAME options`
 * elsewhere.
 */
export const COMMANDS = {
  api: {
    does: 'Takes webhooks and starts runs, until SIGTERM. Settings come from the environment.',
  },
  ask: {
    does:
      'Answers the question behind the options with the AI of your environment. Prints each passage that was ' +
      'considered, its scores and the decision. Posts nothing.',
    options: {
      channel: 'the channel that the AI assumes (default: live chat)',
      json: 'reads JSON lines, {"id","question","channel"?,"transcript"?}, and answers each with one',
      knowledge: 'another folder of articles than KNOWLEDGE_DIR',
    },
  },
  'codec-server': {
    does:
      'Shows the Temporal Web UI and the temporal command in clear text what Temporal stores encrypted, until ' +
      'SIGTERM. Settings come from the environment.',
  },
  demo: {
    does: 'Plays one conversation with everything embedded, then stays up until Ctrl-C. Keeps nothing.',
    options: { once: 'ends by itself after the conversation' },
  },
  doctor: {
    does:
      'Checks every setting against the real systems and says how to fix each. Changes nothing. Ends with 1 if ' +
      'something has to be fixed.',
    options: {
      json: 'prints JSON',
      notify: 'sends one notification to NOTIFY_URL, as a test',
    },
  },
  eval: {
    does:
      "Plays YAML conversations (the files after the options, or the demo's) on the AI of your environment. Ends " +
      'with 1 if an answer is not as expected.',
    options: {
      backtest:
        "compares what the AI would have said on a portal's closed threads with what agents said, and posts nothing",
      days: 'with --backtest: leaves out threads that are older than so many days (default: 90)',
      golden: 'asks the golden set instead, or its languages named behind the options, and compares with its baseline',
      'in-flight': 'how many at once (default: 4)',
      json: 'prints JSON',
      out: 'with --backtest: the folder of the two reports (default: backtest/PORTAL in DATA_DIR)',
      portal: 'with --backtest: which portal (default: the first)',
      threads: 'with --backtest: how many of the newest closed threads (default: 100)',
      update: 'with --golden: writes the figures into the baseline, and into eval/README.md',
    },
  },
  keys: {
    does: 'Prints a new key for PAYLOAD_KEYS or TOKEN_KEYS. It is kept nowhere else.',
  },
  outcomes: {
    does: 'Prints how conversations ended, how soon the AI answered, who waits, and what nobody could answer.',
    options: {
      days: 'how many days, with today (default: 7)',
      top: 'how many customers, gaps and articles (default: 10)',
      json: 'prints JSON',
    },
  },
  'roll-out': {
    does:
      'Says before a roll-out whether it would take away workers that get new runs or still have some: then it ' +
      'ends with 1. Changes nothing. The options name the workers that stay.',
    options: {
      deployment: "the workers' deployment (default: threadkeeper)",
      build: 'the build id of workers that stay, once for each, the newest first',
      unversioned: 'workers without a version stay',
    },
  },
  setup: {
    does:
      "Makes Temporal's namespace ready: search attributes, 7 days of retention, the rate of HubSpot's " +
      'activities. May be repeated.',
  },
  shadow: {
    does: "Prints how alike the AI's drafts in shadow mode are to what agents wrote.",
    options: {
      days: 'how many days (default: 30)',
      worst: 'how many of the least similar pairs (default: 5)',
      json: 'prints JSON',
    },
  },
  start: {
    does:
      'API and worker in one process, until SIGTERM, with a Temporal server where none is configured. Settings come ' +
      'from the environment.',
  },
  stop: {
    does:
      'Stops the AI at once, in every portal or in one: it posts nothing to customers, also after restarts, ' +
      'until the stop is ended. Comments to agents go on.',
    options: {
      portal: 'only in this portal (default: in all)',
      by: 'who stops it, for others to read (default: your user name)',
      end: 'ends the stop: the AI answers what comes from then on',
      list: 'prints which stops are in force, and changes nothing',
      json: 'prints JSON',
    },
  },
  usage: {
    does: 'Prints what the AI took, in tokens and cost, by portal, day and thread.',
    options: {
      days: 'how many days, with today (default: 7)',
      threads: 'how many of the most expensive threads (default: 10)',
      json: 'prints JSON',
    },
  },
  worker: {
    does: 'Runs workflows and activities, until SIGTERM. Settings come from the environment.',
  },
} as const satisfies Record<string, CommandHelp>;

/**
 * The command was called in a way that it doesn't know: exit code 2, which says nothing about what it was to look at.
 */
export const WRONG_CALL = 2;

/** Whether this process was started as `threadkeeper`: in the image there is no npm. */
const isEntryPoint = (): boolean => /^threadkeeper(?:\.[jt]s)?$/.test(basename(process.argv[1] ?? ''));

/** A text that names npm scripts, in the words by which its reader called this process. */
export const asCalled = (text: string): string =>
  isEntryPoint()
    ? text
        .replace(/\bnpm (?:run (?:--silent )?(?=[a-z])|(?=start\b))/g, 'threadkeeper ')
        .replace(/(\bthreadkeeper [a-z-]+) (\[?)-- /g, '$1 $2')
    : text;

/** A script that developers call, and no command of the product: `npm run NAME -- options`. */
export interface ScriptHelp extends CommandHelp {
  name: string;
}

const textOf = ({ name, does, options = {} }: ScriptHelp): string => {
  const lines = Object.entries({ ...options, help: 'prints this' }).map(
    ([option, what]) => `  --${option.padEnd(12)} ${what}`,
  );
  return asCalled(`Usage: npm run ${name} [-- options]\n\n${does}\n\n${lines.join('\n')}\n`);
};

/** The text of `--help`. */
export const helpText = (name: keyof typeof COMMANDS): string => textOf({ name, ...COMMANDS[name] });

/**
 * Where `--help` is among the words, prints it and ends the process with 0. To be called before anything is read or
 * opened.
 */
const answerHelp = (help: ScriptHelp): void => {
  if (!process.argv.slice(2).some((word) => word === '--help' || word === '-h')) return;
  process.stdout.write(textOf(help));
  process.exit(0);
};

/** Where to look after a wrong call. */
export const whatItTakes = (name: string): string => asCalled(`npm run ${name} -- --help says what it takes.`);

type Options = NonNullable<ParseArgsConfig['options']>;

/** What is wrong with a call, in a sentence. */
const wrongIn = (error: Error & { code?: unknown }, options: Options): string => {
  const [, dashes = '', name = ''] = /'(--?)([^' ]+)/.exec(error.message) ?? [];
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const meant = nearestName(name, Object.keys(options));
      return `There is no option ${dashes}${name}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`;
    }
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `${/'.*?'/.exec(error.message)?.[0] ?? 'A word'} is more than it takes.`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return `--${name} ${options[name]?.type === 'boolean' ? 'takes no value' : 'needs a value'}.`;
    default:
      throw error;
  }
};

/** Ends the process with {@link WRONG_CALL} and one line: what is wrong, a sentence, and where to look. */
export const refuseCall = (name: string, wrong: string): never => {
  process.stderr.write(`${wrong} ${whatItTakes(name)}\n`);
  process.exit(WRONG_CALL);
};

/** As {@link readCall}, for a script. */
export const readScriptCall = <const Config extends ParseArgsConfig>(
  help: ScriptHelp,
  config: Config,
): ReturnType<typeof parseArgs<Config>> => {
  answerHelp(help);
  try {
    return parseArgs(config);
  } catch (error) {
    return refuseCall(help.name, wrongIn(error as Error, config.options ?? {}));
  }
};

/**
 * Reads how a command was called: `--help` is answered, and a wrong call ends the process with {@link WRONG_CALL} and
 * one line, which names the nearest option. To be called before anything is read or opened. `config`: as `parseArgs`
 * takes it.
 */
export const readCall = <const Config extends ParseArgsConfig>(
  name: keyof typeof COMMANDS,
  config: Config,
): ReturnType<typeof parseArgs<Config>> => readScriptCall({ name, ...COMMANDS[name] }, config);

/** A number that an option gave, `least` or more; anything else is a wrong call. */
export const numberOption = (name: string, option: string, text: string, least = 1): number => {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  return refuseCall(name, `--${option} must be a number from ${least}, not ${JSON.stringify(text)}.`);
};

/** What an option gave with commas between, each one of `known`; anything else is a wrong call. */
export const listOption = <Known extends string>(
  name: string,
  option: string,
  text: string,
  known: readonly Known[],
): Known[] => {
  const asked = text.split(',').map((one) => one.trim());
  const stranger = asked.find((one) => !(known as readonly string[]).includes(one));
  if (stranger === undefined) return known.filter((one) => asked.includes(one));
  const meant = nearestName(stranger, known);
  const hint = meant === undefined ? `It takes ${known.join(', ')}.` : `Did you mean ${meant}?`;
  return refuseCall(name, `--${option} knows no ${stranger}. ${hint}`);
};

/** For a command without options: help where it is asked for; anything else is a wrong call. */
export const answerHelpOnly = (name: keyof typeof COMMANDS): void => {
  readCall(name, { options: {} });
};
