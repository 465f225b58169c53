import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { AiConfig } from './ai/ai-config.ts';
import type { AiAnswer, AiBackend, ReplyRequest } from './ai/backend.ts';
import type { EmbeddingConfig } from './ai/embeddings/embedding-config.ts';
import type { MeaningIndex } from './ai/embeddings/meaning-index.ts';
import { createAiBackend, openMeanings } from './ai/index.ts';
import { InstructionsError, instructed, readInstructions } from './ai/instructions.ts';
import { KnowledgeError, type Passage, passagesOf } from './ai/knowledge/passages.ts';
import { fromContent } from './ai/knowledge/sources/article.ts';
import { readFolder } from './ai/knowledge/sources/folder.ts';
import { type Consideration, createKnowledgeBackend, loadKnowledgeBackend } from './ai/knowledge.ts';
import { asCalled, readCall, WRONG_CALL } from './command-line.ts';
import { type Config, ConfigError, loadAskConfig, plainAdvice, problemsIn } from './config.ts';
import type { PortalId, ThreadId } from './hubspot/ids.ts';

/** As long as an attempt of the product's. */
const ANSWER_MS = 90_000;

const lineSchema = z.object({
  id: z.union([z.string(), z.number()], 'must be text or a number').transform(String),
  question: z
    .union([z.string(), z.array(z.string()).min(1)], 'must be text, or a list of texts')
    .transform((asked) => [asked].flat()),
  channel: z.string().default('live chat'),
  transcript: z
    .array(z.object({ from: z.enum(['customer', 'ai', 'agent']), text: z.string() }))
    .default([])
    .transform((lines) => lines.map((line) => ({ ...line, attachments: [] }))),
});
type Line = z.output<typeof lineSchema>;

const requestOf = ({ question, channel, transcript }: Line): ReplyRequest => ({
  portalId: '1' as PortalId,
  threadId: '1' as ThreadId,
  channel,
  now: new Date().toISOString(),
  questions: question,
  quoted: null,
  attachments: [],
  transcript,
  contact: { name: null, email: null },
  contactId: null,
  ticketId: null,
  customData: {},
  aiSessionId: null,
});

const ask = (ai: AiBackend, line: Line): Promise<AiAnswer> =>
  ai.generate(requestOf(line), { signal: AbortSignal.timeout(ANSWER_MS), rememberAiSession: async () => undefined });

const inJson = (id: string, answer: AiAnswer) => ({
  id,
  action: answer.action,
  text: answer.action === 'reply' ? answer.text : '',
  sources: answer.action === 'reply' ? answer.sources : [],
  confidence: answer.action === 'reply' ? answer.confidence : null,
  reason: answer.action === 'handoff' ? answer.reason : null,
  language: answer.language ?? null,
});

/** Answers lines of JSON one after the other; a line that can't be read is answered with why. */
const answerLines = async (ai: AiBackend): Promise<number> => {
  let failures = 0;
  for await (const text of createInterface({ input: process.stdin })) {
    if (text.trim() === '') continue;
    let id: string | null = null;
    try {
      const line = lineSchema.parse(JSON.parse(text), { error: plainAdvice });
      id = line.id;
      process.stdout.write(`${JSON.stringify(inJson(id, await ask(ai, line)))}\n`);
    } catch (error) {
      failures += 1;
      const reason = error instanceof z.ZodError ? problemsIn(error).join(', ') : (error as Error).message;
      process.stdout.write(`${JSON.stringify({ id, action: 'error', reason })}\n`);
    }
  }
  return failures === 0 ? 0 : 1;
};

const considered = ({ sentence, isOwn, candidates }: Consideration): string => {
  const lines = candidates.map(({ passage: { title, path }, confidence, evidence, meaning }) => {
    const { asked, heading, density, likeness } = evidence;
    const shares = [
      `asked ${asked.toFixed(2)}`,
      `heading ${heading.toFixed(2)}`,
      `density ${density.toFixed(2)}`,
      `letters ${likeness.toFixed(2)}`,
      ...(meaning ? [`meaning ${meaning.heading.toFixed(2)} and ${meaning.text.toFixed(2)}`] : []),
    ];
    return `  ${confidence.toFixed(2)}  ${title} (${path}): ${shares.join(', ')}`;
  });
  const about = isOwn ? " (the customer's own thing: the heading has to be about just that)" : '';
  return [`"${sentence}"${about}`, ...(lines.length > 0 ? lines : ['  no passage has a word of it'])].join('\n');
};

const decision = (answer: AiAnswer): string =>
  answer.action === 'handoff'
    ? `handoff: ${answer.reason}`
    : [
        [
          'reply',
          ...(answer.confidence === null ? [] : [`confidence ${answer.confidence}`]),
          ...(answer.language ? [`language ${answer.language}`] : []),
        ].join(', '),
        ...answer.sources.map(({ title, path }) => `from ${title} (${path})`),
        '',
        answer.text,
      ].join('\n');

/** What the workers serve of the sources; `null`: the database is in a running worker's hands, or is not there yet. */
const keptOf = async ({ databaseUrl, dataDir }: Config, names: string[]) => {
  const { isLockedFolder } = await import('./lib/folder-lock.ts');
  if (databaseUrl === undefined && (await isLockedFolder(join(dataDir, 'sessions'))) !== false) return null;
  const { openDatabase } = await import('./sessions/open-session-store.ts');
  const { createSqlKnowledgeStore } = await import('./sessions/sql-knowledge-store.ts');
  const { db, close } = await openDatabase({ databaseUrl, dataDir });
  try {
    return await createSqlKnowledgeStore(db).served(names);
  } finally {
    await close();
  }
};

/** The passages of the sources, as the workers serve them; of folders that none has read yet, as they are now. */
const passagesOfSources = async (config: Config) => {
  const { sources } = config.knowledgeSources ?? { sources: [] };
  const kept = await keptOf(
    config,
    sources.map(({ name }) => name),
  );
  const articles = kept?.contents.map(({ content }) => fromContent(content)) ?? [];
  for (const source of sources.filter(({ name }) => !kept?.versions.has(name))) {
    if (source.type === 'folder') {
      articles.push(...(await readFolder(source.folder, { signal: AbortSignal.timeout(ANSWER_MS) })).articles);
    } else {
      const why =
        kept === null ? "the embedded database is a running worker's, or not there yet" : 'no worker has read it yet';
      process.stderr.write(`Left out: ${source.name}: ${why}\n`);
    }
  }
  return await passagesOf(articles);
};

/** The search, once it knows what the articles mean where it is to. `passages`: of sources; `null`: the folder's. */
const openKnowledge = async (
  config: Extract<AiConfig, { backend: 'knowledge' }>,
  passages: readonly Passage[] | null,
  note: (one: Consideration) => void,
): Promise<AiBackend> => {
  const { embeddings } = config;
  const warn = (line: string): void => void process.stderr.write(`${line}\n`);
  const meaningsOf = async (known: readonly Passage[]): Promise<MeaningIndex> => {
    const index = await openMeanings(embeddings as EmbeddingConfig, known, { warn });
    await index.tried;
    return index;
  };
  const options = { ...config, note, ...(embeddings ? { meaningsOf } : {}) };
  return passages
    ? await createKnowledgeBackend(passages, options)
    : await loadKnowledgeBackend(config.knowledgeDir, options);
};

const main = async (): Promise<number> => {
  const { values, positionals } = readCall('ask', {
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      knowledge: { type: 'string' },
      channel: { type: 'string', default: 'live chat' },
    },
  });
  if (!values.json && positionals.length === 0) throw new TypeError('There is no question');
  // Of all settings only the AI's matter.
  const settings = loadAskConfig({
    HUBSPOT_PORTAL_ID: '1',
    HUBSPOT_ACCESS_TOKEN: 'none',
    HUBSPOT_CLIENT_SECRET: 'none',
    HUBSPOT_AI_ACTOR_ID: 'A-1',
    WEBHOOK_PUBLIC_URL: 'http://localhost',
    ...(values.knowledge === undefined ? {} : { KNOWLEDGE_DIR: values.knowledge, KNOWLEDGE_SOURCES: '' }),
  });
  const { ai: config, instructionsFile } = settings;
  const passages = settings.knowledgeSources ? await passagesOfSources(settings) : undefined;
  const seen: Consideration[] = [];
  const note = (one: Consideration): void => {
    if (!values.json) seen.push(one);
  };
  const backend =
    config.backend === 'knowledge'
      ? await openKnowledge(config, passages ?? null, note)
      : await createAiBackend(config, passages ? { passages } : {});
  const ai = instructed(backend, instructionsFile === null ? null : await readInstructions(instructionsFile));
  if (values.json) return await answerLines(ai);
  const answer = await ask(ai, lineSchema.parse({ id: 1, question: positionals.join(' '), channel: values.channel }));
  process.stdout.write(`${[...seen.map(considered), decision(answer)].join('\n\n')}\n`);
  return 0;
};

try {
  process.exitCode = await main();
} catch (error) {
  const isWrongCall = error instanceof TypeError;
  const isPlain = isWrongCall || [ConfigError, KnowledgeError, InstructionsError].some((kind) => error instanceof kind);
  const usage = isWrongCall ? asCalled('. Usage: npm run ask -- [--knowledge FOLDER] "question" | --json') : '';
  process.stderr.write(`${isPlain ? (error as Error).message.split('\n')[0] : (error as Error).message}${usage}\n`);
  process.exitCode = isWrongCall ? WRONG_CALL : 1;
}
