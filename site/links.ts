/** Where the links of a page lead on the site. The pages are written for the repository, where all files are. */
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The target of a link as the site has it. Links between pages stay as they are. A link to another file of the
 * repository becomes that file's address there, or `undefined` if the repository's address is unknown.
 *
 * @param target as the page has it
 * @param page the page's path from `docs`, such as `tools.md`
 * @param repository such as `https://github.com/owner/name`
 * @throws {Error} the file does not exist
 */
export const linkTo = (target: string, page: string, repository: string | undefined): string | undefined => {
  if (/^(?:[a-z][a-z\d+.-]*:|#|\/)/i.test(target)) return target;
  const [path = '', anchor] = target.split('#', 2);
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const file = posix.join('docs', posix.dirname(page), decodeURI(path)).replace(/\/$/, '');
  if (!existsSync(join(ROOT, file))) throw new Error(`docs/${page} links to ${target}, and there is no such file.`);
  if (file === 'docs/README.md') return `./${posix.join(posix.dirname(path), 'index.md')}${hash}`;
  if (file.startsWith('docs/')) return target;
  if (repository === undefined) return undefined;
  return `${repository}/${statSync(join(ROOT, file)).isDirectory() ? 'tree' : 'blob'}/main/${file}${hash}`;
};
