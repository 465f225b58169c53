import { channelsOf, InstructionsError, LONGEST_INSTRUCTIONS, readInstructions } from '../ai/instructions.ts';
import type { Config } from '../config.ts';
import { aisOf } from './ai.ts';
import { type Check, type CheckResult, ok, problem, warning } from './finding.ts';

type InstructionSettings = Pick<Config, 'ai' | 'aiFallbacks' | 'portals' | 'instructionsFile'>;

/** These write what the settings can't change, or bring instructions of their own. */
const READ_NONE: readonly string[] = ['knowledge', 'opencx'];

const look = async (file: string, settings: InstructionSettings): Promise<CheckResult> => {
  try {
    const instructions = await readInstructions(file);
    const { version, languages } = instructions;
    const channels = channelsOf(instructions);
    const length = instructions.sections.reduce((sum, { markdown }) => sum + markdown.length, 0);
    const what = [
      `version ${version}`,
      `${length} of at most ${LONGEST_INSTRUCTIONS} characters`,
      ...(channels.length > 0 ? [`with parts for ${channels.join(', ')}`] : []),
      ...(languages.length > 0 ? [`for answers in ${languages.join(', ')}`] : []),
    ].join(', ');
    const names = aisOf(settings).map(({ backend }) => backend);
    if (names.every((name) => READ_NONE.includes(name))) {
      return warning(
        `${file} (${what}) has no effect: ${names.join(' and ')} takes no instructions.`,
        'Set AI_BACKEND to a language model or http, or leave the file out.',
      );
    }
    return ok(`${file}: ${what}.`);
  } catch (error) {
    if (!(error instanceof InstructionsError)) throw error;
    return problem(`${error.message}.`, 'Correct the file, then start the worker again.');
  }
};

/**
 * Says whether the business's instructions can be read, a check for each file; nothing to check where there is none.
 */
export const instructionChecks = (settings: InstructionSettings): Check[] => {
  const { instructionsFile, portals } = settings;
  const files = [instructionsFile, ...portals.map((portal) => portal.instructionsFile)].flatMap((file) => file ?? []);
  return [...new Set(files)].map((file) => ({
    name: 'instructions',
    run: () => look(file, settings),
    whenSilent: `Check the disk that ${file} is on.`,
  }));
};
