/** The site's navigation, read from the page that lists all others. */
import { linkTo } from './links.ts';

/** One entry of a section. `link` is a path of the site, or the address of a file in the repository. */
export interface Entry {
  text: string;
  link: string;
}

/** A section of the navigation, with its entries in the order of the page. */
export interface Section {
  text: string;
  items: Entry[];
}

/**
 * The sections of `docs/README.md`, each with all links of its list. Files outside of `docs` are left out if the
 * address of the repository is unknown.
 *
 * @param contents the text of `docs/README.md`
 * @throws {Error} a link that leads to no file
 */
export const navigation = (contents: string, repository: string | undefined): Section[] =>
  contents
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [text = ''] = section.split('\n', 1);
      const items = [...section.matchAll(/\[([^\]]+)\]\(([^)\s]+)\)/g)].flatMap(([, name = '', target = '']) => {
        const link = linkTo(target, 'README.md', repository);
        return link === undefined ? [] : [{ text: name, link: link.replace(/^(?!https:)(.*)\.md\b/, '/$1') }];
      });
      return { text: text.trim(), items };
    });
