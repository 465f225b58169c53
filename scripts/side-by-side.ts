import { spawn } from 'node:child_process';
import { once } from 'node:events';

// node scripts/side-by-side.ts <npm script>…: runs them all at once, shows what each says in one piece when it has ended, and
// ends with 1 when one of them failed.

/** Whether a script of package.json went well; its output is shown. */
const goesWell = async (script: string): Promise<boolean> => {
  const npm = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => said.push(chunk));
  const [code] = await once(npm, 'close');
  process.stdout.write(Buffer.concat(said));
  return code === 0;
};

const went = await Promise.all(process.argv.slice(2).map(goesWell));
process.exitCode = went.every(Boolean) ? 0 : 1;
