import { describe, expect, it } from '@jest/globals';
import type { ThreadItem } from '../../dev/simulator/simulator.ts';
import { type Facts, judge } from './judge.ts';
import type { Post } from './posts.ts';
import type { Run } from './runs.ts';

const AI = 'A-500';
const AGENT = 'A-77';
const START = Date.UTC(2026, 0, 1);

/** `at`: seconds into the conversation. */
const item = (id: string, at: number, by: string, text: string) =>
  ({
    id,
    type: 'MESSAGE',
    createdAt: new Date(START + at * 1_000).toISOString(),
    createdBy: by,
    senders: [{ actorId: by, deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: `${by}@example.org` } }],
    text,
  }) as unknown as ThreadItem;
const asks = (id: string, at: number) => item(id, at, 'V-1', `Tell me about ${id}`);
const goesTo = (owner: string, at: number, from = AI) =>
  ({
    ...item(`owner-${at}`, at, 'S-hubspot', ''),
    type: 'ASSIGNMENT',
    assignedFrom: from,
    assignedTo: owner,
  }) as ThreadItem;

const posts = (answered: string, at: number, text: string, changes: Partial<Post> = {}): Post => ({
  threadId: '1',
  id: `post-${at}`,
  time: START + at * 1_000,
  type: 'MESSAGE',
  text,
  to: 'V-1@example.org',
  key: { kind: 'replied', messageId: answered },
  ...changes,
});

const runOf = (messageId: string, changes: Partial<Run> = {}): Run => ({
  workflowId: `message:62515:1-${messageId}`,
  runId: messageId,
  type: 'replyToMessage',
  status: 'COMPLETED',
  outcome: 'replied',
  skipReason: null,
  ...changes,
});

const offencesOf = (items: ThreadItem[], made: Post[], facts: Partial<Facts> = {}): string[] =>
  judge({
    portalId: '62515',
    aiActorId: AI,
    histories: [{ thread: { id: '1', assignedTo: AI } as Facts['histories'][number]['thread'], items }],
    posts: made,
    runs: items.filter(({ type }) => type === 'MESSAGE').map(({ id }) => runOf(id)),
    calls: [],
    tickets: { told: new Map(), held: new Map() },
    allTickets: [],
    contractViolations: [],
    toleranceMs: 1_000,
    readLagMs: 0,
    ...facts,
  }).violations.map(({ offence }) => offence);

describe('the judgement on a run of chaos', () => {
  it('has nothing to say of one answer to each burst', () => {
    expect(offencesOf([asks('q1', 0), asks('q2', 1)], [posts('q2', 3, 'answer to: q1 q2')])).toEqual([]);
  });

  it('finds a message that no reply names and no person saw', () => {
    expect(offencesOf([asks('q1', 0), asks('q2', 1)], [posts('q2', 3, 'answer to: q2')])).toEqual(['lost']);
  });

  it('lets the customer be told of a handoff, once, and though they have written on', () => {
    const handoff = posts('q1', 3, 'AI decided', { type: 'COMMENT', key: { kind: 'handed-off', messageId: 'q1' } });
    const told = (at: number) => posts('q1', at, 'Our team answers', { key: { kind: 'told', messageId: 'q1' } });
    const items = [asks('q1', 0), asks('q2', 2)];
    const answer = posts('q2', 9, 'answer to: q2');
    expect(offencesOf(items, [handoff, told(5), answer])).toEqual([]);
    expect(offencesOf(items, [handoff, told(5), told(6), answer])).toEqual(['duplicate']);
    expect(offencesOf([asks('q1', 0), goesTo(AGENT, 1)], [handoff, told(5)])).toEqual(['over a human']);
  });

  it('finds a second ticket of a thread', () => {
    const ticket = (id: string, thread: string) => ({
      id,
      properties: { subject: `A question (conversation ${thread})` },
      threadIds: [thread],
      contactIds: [],
    });
    expect(offencesOf([], [], { allTickets: [ticket('7', '1'), ticket('8', '2')] })).toEqual([]);
    expect(offencesOf([], [], { allTickets: [ticket('7', '1'), ticket('8', '1')] })).toEqual(['ticket twice']);
  });

  it('takes a handoff for the answer to all that stood before it, and to nothing later', () => {
    const handoff = posts('q2', 3, 'AI decided', { type: 'COMMENT', key: { kind: 'handed-off', messageId: 'q2' } });
    expect(offencesOf([asks('q1', 0), asks('q2', 1)], [handoff])).toEqual([]);
    expect(offencesOf([asks('q1', 0), asks('q2', 1), asks('q3', 4)], [handoff])).toEqual(['lost']);
  });

  it('lets the AI be silent where a person has the thread, takes it, or answers', () => {
    expect(offencesOf([goesTo(AGENT, 0), asks('q1', 1)], [])).toEqual([]);
    expect(offencesOf([asks('q1', 0), goesTo(AGENT, 1), goesTo(AI, 2, AGENT)], [])).toEqual([]);
    expect(offencesOf([asks('q1', 0), item('a1', 1, AGENT, 'Hello')], [])).toEqual([]);
    expect(offencesOf([item('a1', 0, AGENT, 'Hello'), asks('q1', 1)], [])).toEqual(['lost']);
  });

  it('finds a second post for one message, also under other words', () => {
    const items = [asks('q1', 0)];
    expect(offencesOf(items, [posts('q1', 1, 'answer to: q1'), posts('q1', 5, 'answer to: q1')])).toEqual([
      'duplicate',
    ]);
    const handoff = posts('q1', 5, 'AI decided', { type: 'COMMENT', key: { kind: 'handed-off', messageId: 'q1' } });
    expect(offencesOf(items, [posts('q1', 1, 'answer to: q1'), handoff])).toEqual(['duplicate']);
  });

  it('finds a reply over a person who came longer ago than the tolerance', () => {
    const reply = posts('q1', 5, 'answer to: q1');
    expect(offencesOf([asks('q1', 0), goesTo(AGENT, 3.9)], [reply])).toEqual(['over a human']);
    expect(offencesOf([asks('q1', 0), goesTo(AGENT, 4.1)], [reply])).toEqual([]);
    expect(offencesOf([asks('q1', 0), item('a1', 3, AGENT, 'Hello')], [reply])).toEqual(['over a human']);
    expect(offencesOf([asks('q1', 0), goesTo(AGENT, 1), goesTo(AI, 2, AGENT)], [reply])).toEqual([]);
  });

  it('lets a draft for agents stand over a person', () => {
    const draft = posts('q1', 5, 'answer to: q1', { type: 'COMMENT', key: { kind: 'drafted', messageId: 'q1' } });
    expect(offencesOf([asks('q1', 0), goesTo(AGENT, 1)], [draft])).toEqual([]);
  });

  it('finds a reply past a newer message', () => {
    const replies = [posts('q1', 5, 'answer to: q1'), posts('q2', 6, 'answer to: q1 q2')];
    expect(offencesOf([asks('q1', 0), asks('q2', 3)], replies)).toEqual(['past a newer message']);
    expect(offencesOf([asks('q1', 0), asks('q2', 4.5)], replies)).toEqual([]);
  });

  it('finds a reply that tells one person what another has asked, or goes to another', () => {
    const items = [asks('q1', 0), item('q2', 1, 'V-2', 'Tell me about q2')];
    const toBoth = [posts('q1', 3, 'answer to: q1'), posts('q2', 4, 'answer to: q2', { to: 'V-2@example.org' })];
    expect(offencesOf(items, toBoth)).toEqual([]);
    const both = posts('q2', 4, 'answer to: q1 q2', { to: 'V-2@example.org' });
    expect(offencesOf(items, [both])).toEqual(['for another']);
    expect(offencesOf(items, [posts('q1', 3, 'answer to: q1'), posts('q2', 4, 'answer to: q2')])).toEqual([
      'for another',
    ]);
    // What agents get to see may name both.
    expect(offencesOf(items, [{ ...both, type: 'COMMENT', to: null }])).toEqual([]);
  });

  it('finds a post that answers nothing on its thread', () => {
    expect(offencesOf([asks('q1', 0)], [posts('q1', 1, 'answer to: q1 q9')])).toEqual(['ghost']);
    expect(offencesOf([], [posts('q1', 1, 'answer to: q1')])).toEqual(['ghost']);
    expect(offencesOf([asks('q1', 0)], [posts('q1', 1, 'answer to: q1', { key: null })])).toEqual(['ghost']);
  });

  it('finds messages with two runs, with none, and with one that is stuck', () => {
    const items = [asks('q1', 0)];
    const made = [posts('q1', 1, 'answer to: q1')];
    expect(offencesOf(items, made, { runs: [runOf('q1'), runOf('q1', { runId: '2' })] })).toEqual(['ran twice']);
    expect(offencesOf(items, made, { runs: [] })).toEqual(['without a run']);
    expect(offencesOf(items, made, { runs: [runOf('q1', { status: 'RUNNING' })] })).toEqual(['stuck']);
    expect(offencesOf(items, made, { runs: [runOf('q1', { outcome: 'needs-attention' })] })).toEqual(['stuck']);
  });

  it('finds a session whose ticket property is not the newest', () => {
    const told = new Map([['1', new Map([['hs_ticket_priority', { value: 'HIGH', occurredAt: 2 }]])]]);
    const withValue = (value: string) => ({ tickets: { told, held: new Map([['1', { hs_ticket_priority: value }]]) } });
    expect(offencesOf([], [], withValue('LOW'))).toEqual(['old value']);
    expect(offencesOf([], [], withValue('HIGH'))).toEqual([]);
  });

  it('passes on what the simulated HubSpot did wrong', () => {
    expect(offencesOf([], [], { contractViolations: ['GET /x: no'] })).toEqual(['contract']);
  });
});
