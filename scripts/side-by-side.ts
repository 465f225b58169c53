import { spawn } from 'node:child_process';
import { once } from 'node:events';

// node scripts/side-by-side.ts <npm script>… [-- <word>…]: runs them all at once. The last one is the one to watch: it
// is shown as it goes, and what the others said once it has ended; the words go to it. Ends with 1 when one of them
// failed.

interface Result {
  isGood: boolean;
  said: string;
}

const run = async (script: string, isWatched: boolean, words: string[]): Promise<Result> => {
  const output = isWatched ? 'inherit' : 'pipe';
  const npm = spawn('npm', ['run', '--silent', script, '--', ...words], { stdio: ['ignore', output, output] });
  const said: Buffer[] = [];
  for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const [code] = await once(npm, 'close');
  if (code !== 0) process.stderr.write(`npm run ${script} failed${isWatched ? '' : '; why, stands at the end'}\n`);
  return { isGood: code === 0, said: Buffer.concat(said).toString() };
};

// A Ctrl-C reaches them all, and is over when they are.
process.on('SIGINT', () => undefined);

const given = process.argv.slice(2);
const end = given.includes('--') ? given.indexOf('--') : given.length;
const scripts = given.slice(0, end);
const words = given.slice(end + 1);
const isLast = (index: number): boolean => index === scripts.length - 1;
const results = await Promise.all(
  scripts.map((script, index) => run(script, isLast(index), isLast(index) ? words : [])),
);
for (const { said } of results) process.stdout.write(said);
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1;
