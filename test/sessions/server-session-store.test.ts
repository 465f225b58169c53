import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, parse } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { MessageId } from '../../src/hubspot/ids.ts';
import { openDatabase, openSessionStore } from '../../src/sessions/open-session-store.ts';
import { createOwnChanges } from '../../src/sessions/own-changes.ts';
import { hasPostgres, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { describeCallLedger } from './call-ledger-contract.ts';
import { describeCatchUps } from './catch-ups-contract.ts';
import { describeOwnChanges } from './own-changes-contract.ts';
import { describeSessionStore, newThread, portal } from './session-store-contract.ts';
import { describeStops } from './stops-contract.ts';

const open = (databaseUrl: string, warnings: unknown[] = []) =>
  openSessionStore({
    databaseUrl,
    dataDir: '/nowhere',
    logger: { info: () => undefined, warn: (line: unknown) => warnings.push(line), error: () => undefined },
  });

if (!hasPostgres) {
  process.stderr.write(
    '\nSKIPPED: no PostgreSQL server is installed here, so the session store is not tested on one.\n\n',
  );
}

(hasPostgres ? describe : describe.skip)('with a PostgreSQL server', () => {
  let server: TestPostgres;

  beforeAll(async () => {
    server = await startPostgres();
  });

  afterAll(async () => {
    await server.stop();
  });

  describeSessionStore('a PostgreSQL server', () => open(server.url()));
  describeStops('a PostgreSQL server', async () =>
    openDatabase({ databaseUrl: await server.createDatabase('stops'), dataDir: '/nowhere' }),
  );
  describeCatchUps('a PostgreSQL server', async () =>
    openDatabase({ databaseUrl: await server.createDatabase('catch_ups'), dataDir: '/nowhere' }),
  );

  describeOwnChanges('a PostgreSQL server', async () =>
    openDatabase({ databaseUrl: await server.createDatabase('own_changes'), dataDir: '/nowhere' }),
  );
  describeCallLedger(() => server.createDatabase('call_ledger'));

  it('sets up an empty database once when several processes start on it together', async () => {
    const url = await server.createDatabase('started_together');
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, [join(import.meta.dirname, 'open-store.ts'), url, portal, newThread()], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);

    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query('select name from kysely_migration');
    const { rows: sessions } = await client.query('select count(*)::int as number from sessions');
    await client.end();
    const migrations = (await readdir(new URL('../../src/sessions/migrations', import.meta.url))).sort();
    expect(rows).toEqual(migrations.map((file) => ({ name: parse(file).name })));
    expect(sessions).toEqual([{ number: 3 }]);
  });

  it('forgets a thread in every table that knows threads', async () => {
    const url = await server.createDatabase('forgetting');
    const store = await open(url);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows: tables } = await client.query<{ table_name: string }>(
      "select table_name from information_schema.columns where column_name = 'thread_id' order by 1",
    );
    const threadId = newThread();
    const message = 'm' as MessageId;
    await store.open({ portalId: portal, threadId, contactId: null, ticketId: null, channelId: null });
    const keys = { address: 'a', words: 'w', gist: 'g', mailbox: '1' };
    const asked = { portalId: portal, threadId, messageId: message, ...keys, writtenAt: 1, at: 1, alone: false };
    await store.admitReply(asked, 20);
    await store.setCustomData(portal, threadId, { name: 'priority', value: 'HIGH', occurredAt: 1 });
    const turn = { answeredMessageIds: [message], postedMessageId: message, workflowId: 'w' };
    await store.recordTurn({ portalId: portal, threadId, outcome: 'replied', ...turn });
    const call = {
      callId: `w-${threadId}`,
      portalId: portal,
      threadId,
      day: '2026-01-31',
      inputTokens: 1,
      outputTokens: 1,
      cost: 7,
    };
    await store.recordAiCall(call);
    const draft = { answeredMessageId: message, askedAt: 1, action: 'reply', words: 'Hello' } as const;
    await store.keepShadowDraft({ portalId: portal, threadId, ...draft });
    await store.noteAsk({
      ...{ portalId: portal, threadId, answeredMessageId: message, workflowId: 'w', channel: 'email' },
    });
    const { db, close } = await openDatabase({ databaseUrl: url, dataDir: '/nowhere' });
    await createOwnChanges(db).noteMessage({ portalId: portal, threadId, messageId: message });
    await close();
    const counts = async (): Promise<number[]> => {
      const found = [];
      for (const { table_name } of tables) {
        const { rows } = await client.query(`select count(*)::int as number from ${table_name} where thread_id = $1`, [
          threadId,
        ]);
        found.push(rows[0].number);
      }
      return found;
    };
    // A new table has to be filled here, and emptied by `forget`.
    expect(await counts()).toEqual(tables.map(() => 1));
    await store.forget(portal, [threadId]);
    expect(await counts()).toEqual(tables.map(() => 0));
    expect(await store.spentOn(portal, call.day)).toBe(7);
    expect(JSON.stringify((await client.query('select * from ai_calls')).rows)).not.toContain(threadId);
    await client.end();
    await store.close();
  });

  it('keeps the words of a question that nobody could answer for 90 days', async () => {
    const url = await server.createDatabase('old_questions');
    const store = await open(url);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const threadId = newThread();
    await store.open({ portalId: portal, threadId, contactId: null, ticketId: null, channelId: null });
    const handOff = (message: string) =>
      store.recordTurn({
        ...{ portalId: portal, threadId, outcome: 'handed-off', workflowId: 'w' },
        answeredMessageIds: [message as MessageId],
        postedMessageId: 'p' as MessageId,
        notes: { channel: 'email', askedAt: 1, newestAt: 1, sources: [], cause: 'no-answer', question: message },
      });
    const questions = async () => (await store.gaps(0, 10)).map(({ question }) => question);
    await handOff('younger');
    await handOff('older');
    const age = (days: number, message: string) =>
      client.query(`update turns set taken_at = now() - interval '${days} days' where answered_message_id = $1`, [
        message,
      ]);
    await age(89, 'younger');
    await age(91, 'older');
    await handOff('newest');
    expect(await questions()).toEqual(['newest', 'younger', '']);
    await store.forgetInactive(new Date(Date.now() + 60_000), 10);
    expect(await questions()).toEqual([]);
    await client.end();
    await store.close();
  });

  it('shares its sessions between two stores', async () => {
    const url = await server.createDatabase('shared');
    const [one, two] = [await open(url), await open(url)];
    const threadId = newThread();
    await one.open({ portalId: portal, threadId, contactId: '101', ticketId: null, channelId: null });
    expect(
      await two.open({ portalId: portal, threadId, contactId: null, ticketId: null, channelId: null }),
    ).toMatchObject({
      contactId: '101',
    });
    await Promise.all([one.close(), two.close()]);
  });

  it('survives a cut connection: it warns and makes another', async () => {
    const url = await server.createDatabase('cut_off');
    const warnings: unknown[] = [];
    const store = await open(url, warnings);
    await store.ping();
    const admin = new pg.Client({ connectionString: server.url() });
    await admin.connect();
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'cut_off'`);
    await admin.end();
    while (warnings.length === 0) await new Promise((next) => setTimeout(next, 20));
    await store.ping();
    await store.close();
  });

  describe('says in one line why it can not start', () => {
    const reason = async (url: string): Promise<string> => {
      const error = await open(url).then(
        async (store) => {
          await store.close();
          throw new Error('it started');
        },
        (refusal: Error) => refusal,
      );
      expect(error.message.split('\n')).toHaveLength(1);
      expect(error.message).not.toContain('only-for-tests');
      return error.message;
    };

    it.each([
      ['a wrong password', () => server.url().replace('only-for-tests', 'wrong'), 'user or password is wrong'],
      ['no such database', () => server.url('elsewhere'), 'the server has no such database'],
      ['an address that is none', () => 'postgres://user:only-for-tests@host:99999999/x', 'DATABASE_URL is not a URL'],
    ])('%s', async (_, url, expected) => {
      expect(await reason(url())).toContain(expected);
    });

    it('nothing listening', async () => {
      const closed = createServer();
      await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
      const { port } = closed.address() as { port: number };
      await new Promise((done) => closed.close(done));
      expect(await reason(`postgres://user:only-for-tests@127.0.0.1:${port}/x`)).toContain(
        `(x at 127.0.0.1:${port}) can't be used: nothing listens there`,
      );
    });

    it('something that is no PostgreSQL', async () => {
      const other = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n'));
      await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
      const { port } = other.address() as { port: number };
      expect(await reason(`postgres://user:only-for-tests@127.0.0.1:${port}/x`)).toContain(
        'check DATABASE_URL and the server',
      );
      await new Promise((done) => other.close(done));
    });

    it('a user that may not create tables', async () => {
      const url = await server.createDatabase('guarded');
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query(`create role reader login password 'only-for-tests'`);
      await admin.end();
      expect(await reason(url.replace('threadkeeper:', 'reader:'))).toContain('may not create tables');
    });

    it('a database that a newer version has changed', async () => {
      const url = await server.createDatabase('from_the_future');
      await (await open(url)).close();
      const admin = new pg.Client({ connectionString: url });
      await admin.connect();
      await admin.query(`insert into kysely_migration values ('9999-newer', now()::text)`);
      await admin.end();
      expect(await reason(url)).toContain('a newer version of Threadkeeper has changed its tables');
    });
  });

  it('throws, and does not hang, when the server goes away', async () => {
    const store = await open(server.url());
    await server.crash();
    await expect(store.ping()).rejects.toThrow();
    await store.close();
    await server.restart();
  });
});
