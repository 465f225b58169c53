import { type ContainerOptions, readOptions } from './options.ts';
import { makeStack, type Stack } from './stack.ts';
import { STEPS } from './steps.ts';

interface Result {
  step: string;
  passed: boolean;
  seconds: number;
  /** Its figures, or why it failed. */
  says: string;
}

const runSteps = async (stack: Stack, { only }: ContainerOptions, isStopped: () => boolean): Promise<Result[]> => {
  const results: Result[] = [];
  for (const { name, run } of STEPS.filter((step) => only.length === 0 || only.includes(step.name))) {
    if (isStopped()) break;
    const began = Date.now();
    process.stderr.write(`--- ${name}\n`);
    const [passed, says] = await run(stack).then(
      (figures) => [true, figures] as const,
      (error: Error) => [false, error.message] as const,
    );
    results.push({ step: name, passed, seconds: Math.round((Date.now() - began) / 1_000), says });
    process.stderr.write(`${passed ? 'passed' : 'FAILED'}: ${says}\n`);
    // Nothing runs: each further step would only wait for its time to be over.
    if (!passed && name === 'up') break;
  }
  return results;
};

const table = (results: Result[]): string =>
  results
    .map(({ step, passed, seconds, says }) => {
      const [line = ''] = says.split('\n');
      return `${step.padEnd(10)} ${passed ? 'passed' : 'FAILED'} ${String(seconds).padStart(5)} s  ${line}\n`;
    })
    .join('');

// `npm run test:containers`: 0 when every step passed, else 1.
const options = readOptions(process.argv.slice(2));
let stopped = false;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    stopped = true;
  });
}
const stack = await makeStack(options);
try {
  const results = await runSteps(stack, options, () => stopped);
  process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : table(results));
  process.exitCode = !stopped && results.length > 0 && results.every(({ passed }) => passed) ? 0 : 1;
} finally {
  if (options.keep) process.stderr.write(`Kept: ${stack.folder}\n`);
  else await stack.remove();
}
if (options.keep) process.exit();
