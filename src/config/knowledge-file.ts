import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { KnowledgeSource, KnowledgeSources } from '../ai/knowledge/sources/source.ts';
import { portalIdSchema } from '../hubspot/id-schemas.ts';
import { plainAdvice, problemsIn } from './errors.ts';
import { duration, httpUrl, text, yamlFlag } from './primitives.ts';

const MOST_SOURCES = 50;

const name = z
  .string({ error: 'must be text' })
  .trim()
  .regex(/^[^\p{C}]{1,200}$/u, 'must be a line of at most 200 characters')
  .optional()
  .describe('Its name in reports. Without it the path, URL or portal. A new name makes a new source.');
const language = z
  .string({ error: 'must be a language tag, such as de or pt-BR' })
  .regex(/^[a-zA-Z]{2,3}(?:-[a-zA-Z\d]{2,8})*$/, 'must be a language tag, such as de or pt-BR')
  .optional()
  .describe('The language of articles that say none, such as de. Without it their words tell.');
const allowLoss = yamlFlag(false).describe(
  'true: a reading that finds less than half of the articles that are served counts too. Else it is reported, and what is served stays.',
);
const paths = z
  .array(z.string().regex(/^\//, 'must begin with /, such as /en/help/'), { error: 'must be a list of paths' })
  .default([]);
const mostPages = z
  .int({ error: 'must be a whole number from 1 to 5000' })
  .min(1, 'must be a whole number from 1 to 5000')
  .max(5_000, 'must be a whole number from 1 to 5000')
  .default(2_000)
  .describe('With more pages than this the source is not read at all.');
const domain = z
  .string({ error: 'must be a domain, such as help.example.com' })
  .regex(/^[a-zA-Z\d-]+(?:\.[a-zA-Z\d-]+)+$/, 'must be a domain, such as help.example.com')
  .transform((given) => given.toLowerCase())
  .optional()
  .describe('Only articles on this domain. Without it those on all.');

const folder = z.strictObject({
  type: z.literal('folder').describe('Files of a folder and its subfolders: .md, .html, .pdf, .docx.'),
  folder: text('the path of a folder').describe(
    'Its path, which every worker needs. A relative path begins where this file is.',
  ),
  name,
  language,
  allowLoss,
});
const site = z.strictObject({
  type: z.literal('site').describe('The pages of a public web site, by its sitemap, as its robots.txt allows.'),
  sitemap: httpUrl.describe(
    'The URL of its sitemap, or of an index of sitemaps, such as https://example.com/sitemap.xml.',
  ),
  allow: paths.describe("What a page's path has to begin with: one of these. Without it any will do."),
  leaveOut: paths.describe('Pages whose path begins with one of these are left out.'),
  mostPages,
  name,
  language,
  allowLoss,
});
const hubspot = z.strictObject({
  type: z
    .literal('hubspot')
    .describe("The published articles of a portal's knowledge base. The app needs the scope content."),
  portalId: portalIdSchema.describe('The HubSpot account id of a portal that is configured here.'),
  domain,
  mostPages,
  name,
  language,
  allowLoss,
});

/**
 * What stands in `KNOWLEDGE_SOURCES`. Each field says what it is, for editors too (`schemas/knowledge.schema.json`).
 */
export const knowledgeFileContent = z.strictObject({
  refreshEvery: duration('1h', '7d', '5m')
    .refine((ms) => ms > 0, 'must be at least 5m')
    .meta({ takes: 'a duration from 5m to 7d' })
    .describe('How often every source is read anew, such as 1h.'),
  sources: z
    .array(
      z.discriminatedUnion('type', [folder, site, hubspot], { error: 'must have a type: folder, site or hubspot' }),
      {
        error: 'must be a list of sources',
      },
    )
    .min(1, 'lists no source')
    .max(MOST_SOURCES, `lists more than ${MOST_SOURCES} sources`)
    .describe('Where articles come from.'),
});

const knowledgeFileSchema = z
  .record(z.string(), z.unknown(), { error: 'must hold a list named sources' })
  .pipe(knowledgeFileContent);

type Listed = z.output<typeof knowledgeFileContent>['sources'][number];

const sourceOf = (listed: Listed, beside: string): KnowledgeSource => {
  const { language: tag = null, allowLoss: mayLose } = listed;
  const common = { language: tag, allowLoss: mayLose };
  switch (listed.type) {
    case 'folder':
      return { type: 'folder', name: listed.name ?? listed.folder, folder: resolve(beside, listed.folder), ...common };
    case 'site': {
      const { sitemap, allow, leaveOut, mostPages: most } = listed;
      return { type: 'site', name: listed.name ?? sitemap, sitemap, allow, leaveOut, mostPages: most, ...common };
    }
    case 'hubspot': {
      const { portalId, domain: on = null, mostPages: most } = listed;
      const called = listed.name ?? `portal ${portalId}`;
      return { type: 'hubspot', name: called, portalId, domain: on, mostPages: most, ...common };
    }
  }
};

/**
 * The sources that the file names, or what is wrong with it, a line each. `folder`: one that is set beside it, which is
 * a source as well.
 */
export const readKnowledgeFile = (path: string, besides: string | undefined): KnowledgeSources | string[] => {
  let content: unknown;
  try {
    content = parseYaml(readFileSync(path, 'utf8'));
  } catch (error) {
    return [`KNOWLEDGE_SOURCES ${path} can't be read: ${(error as Error).message.split('\n')[0]}`];
  }
  const parsed = knowledgeFileSchema.safeParse(content, { error: plainAdvice });
  if (!parsed.success) return problemsIn(parsed.error, `KNOWLEDGE_SOURCES ${path}:`);
  const listed = parsed.data.sources.map((source) => sourceOf(source, dirname(resolve(path))));
  const own: KnowledgeSource[] =
    besides === undefined
      ? []
      : [{ type: 'folder', name: 'KNOWLEDGE_DIR', folder: resolve(besides), language: null, allowLoss: false }];
  const sources = [...listed, ...own];
  const names = sources.map((source) => source.name);
  const twice = [...new Set(names.filter((one, index) => names.indexOf(one) !== index))];
  if (twice.length > 0) {
    return twice.map((one) => `KNOWLEDGE_SOURCES ${path}: two sources are called ${one}: give each a name of its own`);
  }
  return { sources, refreshMs: parsed.data.refreshEvery };
};
