import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createFindOwn, type OwnNotes } from '../../../src/api/webhook/own-changes.ts';
import type { OwnAssignment, OwnerChange, OwnMessage } from '../../../src/sessions/own-changes.ts';
import type { NotedMode } from '../../../src/sessions/store.ts';
import { type Api, deliver, newMessage, ownerChange, startApi } from '../support.ts';

/** The notes of a session database, in memory. */
class Notes implements OwnNotes {
  readonly messages = new Set<string>();
  readonly assignments = new Map<string, string>();
  readonly modes: NotedMode[] = [];
  asking: string | null = null;
  looks = 0;
  wait: Promise<void> = Promise.resolve();

  async takeMessages(asked: readonly OwnMessage[]) {
    this.looks += 1;
    await this.wait;
    return new Set(asked.map(({ messageId }) => messageId).filter((id) => this.messages.delete(id)));
  }
  async takeAssignment({ owner }: OwnerChange): Promise<Pick<OwnAssignment, 'knownTo'> | null> {
    const knownTo = this.assignments.get(String(owner));
    return knownTo === undefined ? null : { knownTo };
  }
  async noteMode(noted: NotedMode) {
    this.modes.push(noted);
    return this.asking;
  }
}

let api: Api;
let notes: Notes;
let now = 0;
const logger = pino({ enabled: false });

beforeEach(async () => {
  notes = new Notes();
  api = await startApi({ findOwn: createFindOwn(notes, { logger, clock: () => now, lookMs: 100 }) });
});
afterEach(() => api.close());

const started = () => [...api.starter.runs.keys()];

describe('an event about what a run of ours has done', () => {
  it.each([
    ['a message', newMessage({ messageId: 'ours' })],
    ['a comment', newMessage({ messageId: 'ours', messageType: 'COMMENT' })],
  ])('starts no run, and is counted: %s', async (_, event) => {
    notes.messages.add('ours');
    const { status, body } = await deliver(api, [event, newMessage()]);
    expect([status, body]).toEqual([200, { accepted: 1, duplicate: 0, ignored: 1, rejected: [] }]);
    expect(started()).toEqual(['message:1:10-m1']);
    expect(await api.counted('threadkeeper_webhook_events_total')).toEqual({
      'fate=accepted': 1,
      'fate=ignored reason=own-post': 1,
    });
  });

  it('is taken for any other where it comes once more', async () => {
    notes.messages.add('ours');
    await deliver(api, [newMessage({ messageId: 'ours' })]);
    await deliver(api, [newMessage({ messageId: 'ours' })]);
    expect(started()).toEqual(['message:1:10-ours']);
  });

  it('marks the session by a new owner, as its run would', async () => {
    notes.assignments.set('A-7', 'message:1:10-m1');
    notes.asking = 'message:1:10-m1';
    await deliver(api, [ownerChange({ propertyValue: 'A-7', occurredAt: 5 })]);
    expect(started()).toEqual([]);
    expect(notes.modes).toEqual([{ portalId: '1', threadId: '10', mode: 'human', at: 5 }]);
    expect(await api.counted('threadkeeper_webhook_events_total')).toEqual({ 'fate=ignored reason=own-assignment': 1 });
  });

  it('starts its run where another run asks the AI, which has to hear of the new owner', async () => {
    notes.assignments.set('null', 'command:1:10-c');
    notes.asking = 'message:1:10-m1';
    await deliver(api, [ownerChange({ propertyValue: '' })]);
    expect(started()).toEqual([expect.stringMatching(/^owner:1:10-/)]);
  });
});

describe('where nobody can say whose an event is', () => {
  it('every run starts, and the database is left alone for a while', async () => {
    notes.messages.add('ours');
    notes.wait = Promise.reject(new Error('connection refused'));
    notes.wait.catch(() => undefined);
    expect((await deliver(api, [newMessage({ messageId: 'ours' })])).status).toBe(200);
    notes.wait = Promise.resolve();
    await deliver(api, [newMessage({ messageId: 'm2' })]);
    expect(notes.looks).toBe(1);
    now += 10_001;
    await deliver(api, [newMessage({ messageId: 'm3' })]);
    expect(notes.looks).toBe(2);
    expect(started()).toEqual(['message:1:10-ours', 'message:1:10-m2', 'message:1:10-m3']);
  });

  it('every run starts after a moment, where the database does not answer', async () => {
    notes.wait = new Promise(() => undefined);
    expect((await deliver(api, [newMessage()])).body).toMatchObject({ accepted: 1 });
  });

  it('every run starts without a database', async () => {
    await api.close();
    api = await startApi({ findOwn: createFindOwn(null, { logger }) });
    expect((await deliver(api, [newMessage()])).body).toMatchObject({ accepted: 1 });
  });
});
