import { openDatabase } from '../../src/sessions/open-session-store.ts';
import { createSqlKnowledgeStore } from '../../src/sessions/sql-knowledge-store.ts';

// A process that switches a source to and fro until it is killed: node hold-knowledge.ts <databaseUrl>
const [databaseUrl] = process.argv.slice(2);
const { db } = await openDatabase({ databaseUrl, dataDir: '/nowhere' });
const store = createSqlKnowledgeStore(db);
for (let round = 0; ; round += 1) {
  const contents = Array.from({ length: 200 }, (_, number) => `${round % 2 === 0 ? 'even' : 'odd'} ${number}`);
  const hashes = await store.keep(contents);
  await store.switchTo({ source: 'help', settings: 's', hashes, leftOut: 0, leftOutExample: null });
  if (round === 1) process.stdout.write('switching\n');
}
