import { assign, fromOurApp, setArchived, setStatus } from '../threads.ts';
import { actorType, type Thread, type ThreadRecord, type World } from '../world.ts';
import { conversationsRefusal, invalidRequest, notFound } from './errors.ts';
import type { Handlers } from './operations.ts';
import { pageOf } from './paging.ts';

const DEFAULT_PAGE = 100;

/**
 * The thread that a call names. An archived one is found only by a call that asks for archived ones.
 * @throws {HubSpotError} 404
 */
export const findThread = (world: World, threadId: string, archived = false): ThreadRecord => {
  const record = world.threads.get(threadId);
  if (!record || record.thread.archived !== archived) throw notFound(`Thread with id ${threadId}`);
  return record;
};

/** HubSpot names the ticket only when it is asked to. */
const seen = (record: ThreadRecord, association: readonly 'TICKET'[] | undefined): Thread => ({
  ...record.thread,
  ...(association?.includes('TICKET') && {
    threadAssociations: record.ticketId === null ? {} : { associatedTicketId: record.ticketId },
  }),
});

/** Compares ids as text, because they have more digits than a number may. */
const byId = (a: ThreadRecord, b: ThreadRecord): number =>
  a.thread.id.length - b.thread.id.length || (a.thread.id < b.thread.id ? -1 : 1);

const latest = ({ thread }: ThreadRecord): number => Date.parse(thread.latestMessageTimestamp ?? thread.createdAt);

export const threadHandlers: Handlers<
  'listThreads' | 'getThread' | 'updateThread' | 'assignThread' | 'unassignThread'
> = {
  listThreads: (world, { query }) => {
    const byActivity = query.sort?.includes('latestMessageTimestamp') ?? false;
    if (byActivity && query.latestMessageTimestampAfter === undefined) {
      throw invalidRequest('sort=latestMessageTimestamp needs latestMessageTimestampAfter');
    }
    const since = Date.parse(query.latestMessageTimestampAfter ?? '1970-01-01T00:00:00Z');
    const records = [...world.threads.values()]
      .filter(({ thread }) => thread.archived === (query.archived ?? false))
      .filter(({ thread }) => query.threadStatus === undefined || thread.status === query.threadStatus)
      .filter(
        ({ thread }) =>
          query.associatedContactId === undefined || thread.associatedContactId === query.associatedContactId,
      )
      .filter(({ ticketId }) => query.associatedTicketId === undefined || ticketId === query.associatedTicketId)
      .filter((record) => latest(record) > since)
      .sort(byActivity ? (a, b) => latest(a) - latest(b) : byId);
    const page = pageOf(records, { after: query.after, limit: query.limit ?? DEFAULT_PAGE });
    return { status: 200, body: { ...page, results: page.results.map((record) => seen(record, query.association)) } };
  },

  getThread: (world, { path, query }) => ({
    status: 200,
    body: seen(findThread(world, path.threadId, query.archived), query.association),
  }),

  updateThread: (world, { path, query, body }) => {
    const record = findThread(world, path.threadId, query.archived);
    if (body.archived === true)
      throw invalidRequest('A thread is archived with DELETE. Here archived can only be false');
    const events = [];
    if (body.archived === false) events.push(...setArchived(world, path.threadId, false).events);
    if (body.status !== undefined && body.status !== record.thread.status) {
      events.push(...setStatus(world, path.threadId, body.status, `I-${world.appId}`).events);
    }
    return { status: 200, body: record.thread, events, writtenId: path.threadId };
  },

  assignThread: (world, { path, body }) => {
    const record = findThread(world, path.threadId);
    if (actorType(body.actorId) !== 'AGENT') {
      throw conversationsRefusal([
        {
          message: `Actor type ${actorType(body.actorId) ?? 'UNKNOWN'} is not supported for assignment`,
          subCategory: 'ConversationsApiError.UNSUPPORTED_ACTOR_TYPE',
        },
      ]);
    }
    const { events } = assign(world, path.threadId, body.actorId, fromOurApp(world));
    return { status: 200, body: record.thread, events, writtenId: path.threadId };
  },

  unassignThread: (world, { path }) => {
    findThread(world, path.threadId);
    const { events } = assign(world, path.threadId, null, fromOurApp(world));
    return { status: 204, body: undefined, events, writtenId: path.threadId };
  },
};
