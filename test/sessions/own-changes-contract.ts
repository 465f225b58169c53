import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { ActorId, MessageId } from '../../src/hubspot/ids.ts';
import type { OpenDatabase } from '../../src/sessions/open-session-store.ts';
import { createOwnChanges, type OwnChanges } from '../../src/sessions/own-changes.ts';
import { newThread, portal } from './session-store-contract.ts';

const portalId = portal;
const [agent, another] = ['A-1', 'A-2'] as ActorId[] as [ActorId, ActorId];
const message = (id: string) => id as MessageId;

/** What every database has to do. */
export const describeOwnChanges = (name: string, open: () => Promise<OpenDatabase>): void =>
  describe(`own changes in ${name}`, () => {
    let database: OpenDatabase;
    let own: OwnChanges;

    beforeAll(async () => {
      database = await open();
      own = createOwnChanges(database.db);
    });
    afterAll(() => database.close());

    it('gives each message once, and none of another thread or portal', async () => {
      const [threadId, other] = [newThread(), newThread()];
      await own.noteMessage({ portalId, threadId, messageId: message('ours') });
      const asked = [
        { portalId, threadId, messageId: message('theirs') },
        { portalId, threadId: other, messageId: message('ours') },
        { portalId: '1' as typeof portalId, threadId, messageId: message('ours') },
      ];
      expect(await own.takeMessages(asked)).toEqual(new Set());
      const both = [{ portalId, threadId, messageId: message('ours') }, ...asked.slice(0, 1)];
      expect(await own.takeMessages(both)).toEqual(new Set(['ours']));
      expect(await own.takeMessages(both)).toEqual(new Set());
      expect(await own.takeMessages([])).toEqual(new Set());
    });

    it('gives an assignment once, with the run that knows of it', async () => {
      const threadId = newThread();
      await own.noteAssignment({ portalId, threadId, owner: agent, knownTo: 'message:1' });
      const at = Date.now();
      expect(await own.takeAssignment({ portalId, threadId, owner: another, at })).toBeNull();
      expect(await own.takeAssignment({ portalId, threadId, owner: null, at })).toBeNull();
      expect(await own.takeAssignment({ portalId, threadId, owner: agent, at })).toEqual({ knownTo: 'message:1' });
      expect(await own.takeAssignment({ portalId, threadId, owner: agent, at })).toBeNull();
    });

    it.each([-61_000, 61_000])('takes an assignment %i ms off for somebody else’s', async (off) => {
      const threadId = newThread();
      await own.noteAssignment({ portalId, threadId, owner: null, knownTo: 'run' });
      expect(await own.takeAssignment({ portalId, threadId, owner: null, at: Date.now() + off })).toBeNull();
      expect(await own.takeAssignment({ portalId, threadId, owner: null, at: Date.now() })).not.toBeNull();
    });

    it('deletes what no event has taken within an hour', async () => {
      const threadId = newThread();
      await own.noteMessage({ portalId, threadId, messageId: message('old') });
      await sql`update own_changes set made_at = now() - interval '61 minutes' where thread_id = ${threadId}`.execute(
        database.db,
      );
      await own.noteMessage({ portalId, threadId, messageId: message('new') });
      const asked = ['old', 'new'].map((id) => ({ portalId, threadId, messageId: message(id) }));
      expect(await own.takeMessages(asked)).toEqual(new Set(['new']));
    });
  });
