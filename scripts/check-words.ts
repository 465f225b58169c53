import { readFileSync } from 'node:fs';
import { faultsOfPage } from './words.ts';

// Says what makes the given pages hard to read, and ends with 1 where there is something.

let faults = 0;
for (const page of process.argv.slice(2)) {
  for (const { sentence, fault } of faultsOfPage(readFileSync(page, 'utf8'))) {
    faults += 1;
    process.stdout.write(`${page}: ${fault}\n    ${sentence.slice(0, 160)}\n`);
  }
}
process.exitCode = faults > 0 ? 1 : 0;
