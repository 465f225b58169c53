import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One thing that keeps a promise, and how to take it out of the sources. */
export interface Mechanism {
  name: string;
  /** What is left when it is gone, for people. */
  without: string;
  file: string;
  /** Stands exactly once in the file. */
  replace: string;
  by: string;
}

/** Taken out one at a time, each must make chaos fail: what can be removed unnoticed was not proven. */
export const MECHANISMS: readonly Mechanism[] = [
  {
    name: 'dedupe',
    without: 'a workflow ID may run again once its run has closed',
    file: 'src/temporal/run-starter.ts',
    replace: "workflowIdReusePolicy: 'REJECT_DUPLICATE'",
    by: "workflowIdReusePolicy: 'ALLOW_DUPLICATE'",
  },
  {
    name: 'lookup before re-post',
    without: 'a post whose answer was lost is posted again without a look for it',
    file: 'src/activities/hubspot.ts',
    replace: 'if (standing) return { moved: false, messageId: standing, found: true };',
    by: 'void standing;',
  },
  {
    name: 'last owner check',
    without: 'owner and newer messages are not looked at again right before the post',
    file: 'src/activities/hubspot.ts',
    replace: 'if (seen && hasChangedSince(now, seen)) {',
    by: 'if (seen && hasChangedSince(now, seen) && Date.now() < 0) {',
  },
  {
    name: 'supersede',
    without: 'a run that sees a newer message of the customer answers all the same',
    file: 'src/rules/speaking/may-answer.ts',
    replace: 'if (newer && !isHeldTooLong(',
    by: 'if (newer && isHeldTooLong(',
  },
];

/**
 * Takes a mechanism out of the sources in a folder.
 * @throws {Error} where what it replaces doesn't stand there exactly once: the code has changed, and this list has to
 * follow.
 */
export const takeOut = async (folder: string, { name, file, replace, by }: Mechanism): Promise<void> => {
  const path = join(folder, file);
  const parts = (await readFile(path, 'utf8')).split(replace);
  if (parts.length !== 2) throw new Error(`${name}: "${replace}" stands ${parts.length - 1} times in ${file}`);
  await writeFile(path, parts.join(by));
};
