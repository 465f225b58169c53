import { types } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { answerFrom, workerDatabase } from '../../dev/demo/worker-database.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { createStops } from '../../src/sessions/stops.ts';
import { openSuiteDatabase } from '../support/suite-environment.ts';

let workers: OpenDatabase;
beforeAll(async () => {
  workers = await openSuiteDatabase();
});
afterAll(async () => {
  await workers.close();
});

it('has statements done by the worker, and says when it can’t', async () => {
  let isAlive = true;
  const database = workerDatabase(async (sql, parameters) => {
    if (!isAlive) throw new Error('The worker has died');
    // What goes between processes.
    const answer = structuredClone(await answerFrom(workers.db, structuredClone({ ask: 1, sql, parameters })));
    if ('problem' in answer) throw new Error(answer.problem);
    return answer.rows;
  });
  const stops = createStops(database.db);
  expect(await stops.stop('all', 'Ann on /ops')).toBe(true);
  const [stop] = await stops.list();
  expect(stop).toMatchObject({ scope: 'all', by: 'Ann on /ops' });
  expect(types.isDate(stop?.at)).toBe(true);
  expect(await createStops(workers.db).list()).toHaveLength(1);
  await expect(
    database.db
      .selectFrom('nothing' as never)
      .selectAll()
      .execute(),
  ).rejects.toThrow('nothing');
  isAlive = false;
  await expect(stops.list()).rejects.toThrow('The worker has died');
  await database.close();
});
