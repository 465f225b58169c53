import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// node test/support/load-programs.ts <file>…: loads what each of these programs imports, as Node does it before the
// program's first line, and runs none of them.

const programs = new Set(process.argv.slice(2).map((file) => pathToFileURL(resolve(file)).href));

/** Its import statements, and nothing of what it does. */
const onlyImports = (source: string): string => (source.match(/^import [^;]+;$/gm) ?? []).join('\n');

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    return programs.has(url) ? { ...loaded, source: onlyImports(String(loaded.source)) } : loaded;
  },
});

for (const program of programs) {
  try {
    await import(program);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${program}: ${(error as Error).stack}\n`);
  }
}
