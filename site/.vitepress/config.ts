import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import { defineConfig, type MarkdownRenderer, type UserConfig } from 'vitepress';
import { linkTo } from '../links.ts';
import { navigation } from '../navigation.ts';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
/** The playground's icon, in the address itself: the site's files are those of `docs`. */
const ICON = readFileSync(new URL('../../dev/demo/playground/page/icon.svg', import.meta.url)).toString('base64');

// GitHub's own in a workflow, and the folder of its Pages. Neither is known on a machine of one's own.
// biome-ignore lint/style/noProcessEnv: this is no part of the product, whose settings are in src/config
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, BASE_PATH = '' } = process.env;
const repository = GITHUB_REPOSITORY && `${GITHUB_SERVER_URL ?? 'https://github.com'}/${GITHUB_REPOSITORY}`;

/** Links to files outside of `docs` lead to the repository. Without its address they are only text. */
const linkToRepository = (md: MarkdownRenderer): void => {
  md.core.ruler.push('links-to-repository', ({ tokens, env }) => {
    for (const block of tokens) {
      const open: boolean[] = [];
      block.children =
        (block.children ?? null)?.filter((token) => {
          if (token.type === 'link_close') return open.pop();
          if (token.type !== 'link_open') return true;
          const href = linkTo(token.attrGet('href') ?? '', env.relativePath, repository);
          if (href !== undefined) token.attrSet('href', href);
          open.push(href !== undefined);
          return href !== undefined;
        }) ?? null;
    }
  });
};

/** Diagrams are drawn by the reader's browser, as on GitHub. Without JavaScript their text is there. */
const drawDiagrams = (md: MarkdownRenderer): void => {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index] ?? {};
    if (info !== 'mermaid') return fence?.(tokens, index, ...rest) ?? '';
    return `<MermaidDiagram text="${md.utils.escapeHtml(content ?? '').replaceAll('\n', '&#10;')}" />`;
  };
};

/** Braces are braces, as on GitHub: Vue would compute what is between them. */
const keepBraces = ({ renderer: { rules } }: MarkdownRenderer): void => {
  for (const name of ['text', 'code_inline'] as const) {
    const render = rules[name];
    rules[name] = (...token) => (render?.(...token) ?? '').replaceAll('{{', '<span v-pre>{{</span>');
  }
};

/** What the compiled pages import is in this folder, not beside the pages. */
const importFromHere: NonNullable<NonNullable<UserConfig['vite']>['plugins']>[number] = {
  name: 'import-from-here',
  enforce: 'pre',
  async resolveId(id, importer, options) {
    if (!/^(?:vue|mermaid)(?:\/|$)/.test(id)) return null;
    // Node itself finds them from here when it renders the pages.
    if (options.ssr) return { id, external: true };
    if (!importer?.startsWith(DOCS)) return null;
    return await this.resolve(id, fileURLToPath(import.meta.url), { ...options, skipSelf: true });
  },
};

export default defineConfig({
  title: 'Threadkeeper',
  description: 'Answers HubSpot conversations with an AI, and never loses, repeats or misplaces a reply.',
  lang: 'en',
  srcDir: DOCS,
  rewrites: { 'README.md': 'index.md' },
  base: `${BASE_PATH}/`,
  cleanUrls: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `data:image/svg+xml;base64,${ICON}` }]],
  vite: {
    plugins: [importFromHere],
    // Mermaid is that large.
    build: { chunkSizeWarningLimit: 3_000 },
  },
  markdown: {
    // A heading has the same anchor as on GitHub.
    anchor: { slugify: slug },
    config(md) {
      linkToRepository(md);
      drawDiagrams(md);
      keepBraces(md);
    },
  },
  themeConfig: {
    sidebar: navigation(readFileSync(`${DOCS}/README.md`, 'utf8'), repository),
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // Each setting has a heading: pages that explain come first.
        miniSearch: { searchOptions: { boostDocument: (id) => (id.includes('/configuration') ? 0.2 : 1) } },
      },
    },
    ...(repository && {
      socialLinks: [{ icon: 'github', link: repository }],
      editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Edit this page' },
    }),
  },
});
