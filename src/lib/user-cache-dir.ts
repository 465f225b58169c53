import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this user's caches are (XDG base directory specification), with a folder of ours in it. */
export const userCacheDir = (xdgCacheHome?: string): string =>
  join(xdgCacheHome || join(homedir(), '.cache'), 'threadkeeper');
