import { parseArgs } from 'node:util';

/** A command, for whoever asks it for help. */
export interface CommandHelp {
  /** It does this, in a sentence or two. */
  does: string;
  /** Each option is for this, by its name. */
  options?: Record<string, string>;
}

/** The npm scripts that people call, by name. */
export const COMMANDS = {
  ask: {
    does:
      'Answers the question behind the options with the AI of your environment. Prints each passage that was ' +
      'considered, its scores and the decision. Posts nothing.',
    options: {
      channel: 'as the AI sees it; live chat unless given',
      json: 'reads JSON lines, {"id","question","channel"?,"transcript"?}, and answers each with one',
      knowledge: 'another folder of articles than KNOWLEDGE_DIR',
    },
  },
  demo: {
    does: 'Plays one conversation with everything embedded, then stays up until Ctrl-C. Keeps nothing.',
    options: { once: 'ends by itself after the conversation' },
  },
  doctor: {
    does:
      'Checks every setting against the real systems and says how to mend each. Changes nothing. Ends with 1 if ' +
      'something has to be mended.',
    options: {
      json: 'the same for a program',
      notify: 'sends one notification to NOTIFY_URL, as a test',
    },
  },
  eval: {
    does:
      "Plays YAML conversations (files behind the options; else the demo's) on the AI of your environment. Ends " +
      'with 1 if an answer is not as expected.',
    options: {
      backtest:
        "replays a portal's closed threads instead: what the AI would have said beside what agents said; posts nothing",
      days: 'with --backtest: no thread older than so many days; 90 unless given',
      golden: 'asks the golden set instead, or its languages named behind the options, and compares with its baseline',
      'in-flight': 'how many at once; 4 unless given',
      json: 'the same for a program',
      out: 'with --backtest: the folder for backtest.html and backtest.json; backtest/PORTAL in DATA_DIR unless given',
      portal: 'with --backtest: which one; the first unless given',
      threads: 'with --backtest: the newest so many closed threads; 100 unless given',
      update: 'with --golden: writes the figures into the baseline, and into eval/README.md',
    },
  },
  keys: {
    does: 'Prints a new key for PAYLOAD_KEYS or TOKEN_KEYS. It is kept nowhere else.',
  },
  outcomes: {
    does: 'Prints what became of conversations, how soon the AI answered, who waits, what nobody could answer.',
    options: {
      days: 'how many days back, today included; 7 unless given',
      top: 'how many customers, gaps and articles; 10 unless given',
      json: 'the same for a program',
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
      days: 'how many days back; 30 unless given',
      worst: 'how many of the least alike pairs; 5 unless given',
      json: 'the same for a program',
    },
  },
  stop: {
    does:
      'Stops the AI at once, in every portal or in one: it posts nothing to customers, also after restarts, ' +
      'until the stop is ended. Comments to agents go on.',
    options: {
      portal: 'only in this portal; every one unless given',
      by: 'who stops it, for others to read; your user name unless given',
      end: 'ends the stop: the AI answers what comes from then on',
      list: 'changes nothing; prints which stops are in force',
      json: 'the same for a program',
    },
  },
  usage: {
    does: 'Prints what the AI took, in tokens and cost, by portal, day and thread.',
    options: {
      days: 'how many days back, today included; 7 unless given',
      threads: 'how many of the dearest threads; 10 unless given',
      json: 'the same for a program',
    },
  },
} as const satisfies Record<string, CommandHelp>;

/**
 * The command was called in a way that it doesn't know: exit code 2, which says nothing about what it was to look at.
 */
export const WRONG_CALL = 2;

/** The text of `--help`. */
export const helpText = (name: keyof typeof COMMANDS): string => {
  const { does, options = {} }: CommandHelp = COMMANDS[name];
  const lines = Object.entries({ ...options, help: 'prints this' }).map(
    ([option, what]) => `  --${option.padEnd(12)} ${what}`,
  );
  return `Usage: npm run ${name} [-- options]\n\n${does}\n\n${lines.join('\n')}\n`;
};

/**
 * Where `--help` is among the words, prints it and ends the process with 0. To be called before anything is read or
 * opened.
 */
export const answerHelp = (name: keyof typeof COMMANDS): void => {
  if (!process.argv.slice(2).some((word) => word === '--help' || word === '-h')) return;
  process.stdout.write(helpText(name));
  process.exit(0);
};

/** For a command without options: help where it is asked for; anything else is a wrong call. */
export const answerHelpOnly = (name: keyof typeof COMMANDS): void => {
  answerHelp(name);
  try {
    parseArgs({ options: {} });
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('\n')[0]}. Usage: npm run ${name}\n`);
    process.exit(WRONG_CALL);
  }
};
