import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const contentOf = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path);
  } catch {
    return null;
  }
};

/** A name of 32 hex digits for the contents of these files and for `also`; a file that there isn't counts as such. */
export const hashFiles = async (paths: readonly string[], also: unknown): Promise<string> => {
  const hash = createHash('sha256').update(JSON.stringify(also));
  const contents = await Promise.all(paths.map(contentOf));
  for (const [index, path] of paths.entries()) {
    const content = contents[index] ?? null;
    hash.update(`\0${path}\0${content?.length ?? 'none'}\0`).update(content ?? '');
  }
  return hash.digest('hex').slice(0, 32);
};
