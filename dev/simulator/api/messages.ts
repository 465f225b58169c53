import { appPosts } from '../threads.ts';
import type { ThreadItem, ThreadRecord, World } from '../world.ts';
import { conversationsRefusal, notFound } from './errors.ts';
import type { Handlers } from './operations.ts';
import { pageOf } from './paging.ts';
import { reasonsNotToSend } from './sending.ts';
import { findThread } from './threads.ts';

const DEFAULT_PAGE = 100;

/** What a reader sees already: HubSpot's reads may lag behind its writes. */
const visible = (world: World, { items }: ThreadRecord): ThreadItem[] => {
  const { readLagMs } = world.behaviour;
  return readLagMs === 0 ? items : items.filter(({ createdAt }) => Date.parse(createdAt) + readLagMs <= Date.now());
};

/** An archived thread's history stays readable. @throws {HubSpotError} 404 */
const findHistory = (world: World, threadId: string): ThreadRecord => {
  const record = world.threads.get(threadId);
  if (!record) throw notFound(`Thread with id ${threadId}`);
  return record;
};

const findItem = (world: World, record: ThreadRecord, messageId: string): ThreadItem => {
  const item = visible(world, record).find(({ id }) => id === messageId);
  if (!item) throw notFound(`Message with id ${messageId}`);
  return item;
};

export const messageHandlers: Handlers<'listMessages' | 'postMessage' | 'getMessage' | 'getOriginalContent'> = {
  listMessages: (world, { path, query }) => {
    const items = visible(world, findHistory(world, path.threadId));
    const { newestFirst: usual, ignoreSort } = world.behaviour;
    const newestFirst = query.sort && !ignoreSort ? query.sort.includes('-createdAt') : usual;
    return {
      status: 200,
      body: pageOf(
        newestFirst ? items.toReversed() : items,
        { after: query.after, limit: query.limit ?? DEFAULT_PAGE },
        world.behaviour.emptyFirstPage,
      ),
    };
  },

  postMessage: (world, { path, body }) => {
    findThread(world, path.threadId);
    const reasons = body.type === 'MESSAGE' ? reasonsNotToSend(world, body) : [];
    if (reasons.length > 0) throw conversationsRefusal(reasons);
    const { item, events } = appPosts(world, path.threadId, body);
    return { status: 201, body: item, events, writtenId: item.id };
  },

  getMessage: (world, { path }) => ({
    status: 200,
    body: findItem(world, findHistory(world, path.threadId), path.messageId),
  }),

  getOriginalContent: (world, { path }) => {
    const record = findHistory(world, path.threadId);
    const item = findItem(world, record, path.messageId);
    const original = record.originals.get(item.id);
    if (original) return { status: 200, body: original };
    if (item.type !== 'MESSAGE') throw notFound(`Original content of ${item.id}`);
    const { text, richText } = item;
    return { status: 200, body: { text, ...(richText !== undefined && { richText }) } };
  },
};
