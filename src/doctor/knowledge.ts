import { Kysely } from 'kysely';
import { type KnowledgeSource, placeOf } from '../ai/knowledge/sources/source.ts';
import type { Config } from '../config.ts';
import type { SourceState } from '../sessions/knowledge.ts';
import type { Database } from '../sessions/schema.ts';
import { explainServerError, serverDatabase } from '../sessions/server-database.ts';
import { createSqlKnowledgeStore } from '../sessions/sql-knowledge-store.ts';
import { type Check, type CheckResult, examine, type Finding, info, ok, problem, warning } from './finding.ts';

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
const at = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** How a source is, in a line for people. `state`: what the workers have noted; absent: nothing so far. */
export const judgeSource = (source: KnowledgeSource, state: SourceState | undefined): CheckResult => {
  const place = placeOf(source);
  if (!state || (state.readAt === null && state.problem === null)) {
    return warning(
      `${place} has not been read yet.`,
      'Start the worker: it reads new sources at once. The run refreshKnowledge in Temporal says how far it is.',
    );
  }
  const { articles, readAt, triedAt, problem: why, leftOut, leftOutExample } = state;
  if (readAt === null)
    return problem(
      sentence(`${place} could never be read: ${why}`),
      'Correct its address or access. It is read again by itself.',
    );
  const served = `${count(articles, 'article')} of ${place}, read at ${at(readAt)}`;
  if (why !== null) {
    return warning(
      sentence(`The AI still answers from ${served}. Reading again at ${at(triedAt)} failed: ${why}`),
      'Correct what failed, if it is on your side. It is read again by itself.',
    );
  }
  if (leftOut === 0) return ok(`${served}.`);
  return info(sentence(`${served}. Left out: ${leftOut}, such as ${leftOutExample}`));
};

const statesOn = async (databaseUrl: string, names: string[]): Promise<SourceState[]> => {
  const { dialect, place } = serverDatabase(databaseUrl);
  const db = new Kysely<Database>({ dialect });
  try {
    return await createSqlKnowledgeStore(db).states(names);
  } catch (error) {
    const { code } = error as { code?: string };
    // The tables are made when a worker of this version starts.
    if (code === '42P01') return [];
    throw explainServerError(error, place);
  } finally {
    await db.destroy();
  }
};

const WHERE_IT_IS_SAID =
  'Not checked: the embedded database belongs to the running process. ' +
  'The desk (OPS_TOKEN) and its log say what was read.';

/** What was read of each source, when, and what failed; nothing where there are no sources. Changes nothing. */
export const checkSources = async (
  { knowledgeSources, databaseUrl }: Pick<Config, 'knowledgeSources' | 'databaseUrl'>,
  deadlineMs: number,
): Promise<Finding[]> => {
  if (!knowledgeSources) return [];
  const { sources } = knowledgeSources;
  const nameOf = ({ name }: KnowledgeSource): string => `knowledge ${name}`;
  if (databaseUrl === undefined) return sources.map((source) => ({ check: nameOf(source), ...info(WHERE_IT_IS_SAID) }));
  const states = statesOn(
    databaseUrl,
    sources.map(({ name }) => name),
  );
  states.catch(() => undefined);
  const checks = sources.map(
    (source): Check => ({
      name: nameOf(source),
      run: async () =>
        judgeSource(
          source,
          (await states).find((state) => state.source === source.name),
        ),
      whenSilent: 'Check host and port in DATABASE_URL, and the firewall between.',
    }),
  );
  return await Promise.all(checks.map((check) => examine(check, deadlineMs)));
};
