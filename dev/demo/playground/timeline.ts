import { type IgnoreReason, plan, portalsSpokenFor } from '../../../src/api/webhook/plan.ts';
import { parseWebhookEvents } from '../../../src/hubspot/webhook-events.ts';
import type { PortalSettings } from '../../../src/rules/settings.ts';
import type { Delivery, Simulator } from '../../simulator/simulator.ts';
import type { People } from './people.ts';
import { type LostAnswer, lostAnswerOf } from './posts.ts';
import { runUrl } from './run-url.ts';
import type { FollowUp, Runs, RunView } from './runs.ts';

type SentEvent = Delivery['events'][number];

/** Who caused an event, or what it is about. */
export type EventKind = 'customer' | 'agent' | 'ai' | 'comment' | 'owner' | 'ticket' | 'other';

/** What the API made of an event: `refused` is an answer that makes HubSpot deliver again, `unanswered` none at all. */
export type Became = 'started' | 'duplicate' | 'ignored' | 'rejected' | 'refused' | 'unanswered';

/** A run as the page shows it, with the way to it in the Temporal Web UI. */
export interface LinkedRun {
  workflow: { type: string; id: string; url: string };
  /** `null` until it was looked at. */
  run: RunView | null;
}

/** One event of one delivery, as the page shows it. */
export interface TimelineEntry {
  /** It names the delivery, which can be sent again by it. */
  id: string;
  /** When it was sent, ISO time. */
  at: string;
  threadId: string | null;
  kind: EventKind;
  /** In a few words. */
  title: string;
  /** The words that were written, their beginning. */
  words: string | null;
  /** From 2 on HubSpot delivers again. */
  attempt: number;
  /** The HTTP status of the API's answer; `null` where none came. */
  status: number | null;
  /** The event as HubSpot sent it. */
  event: SentEvent;
  became: Became;
  /** Why it was ignored or rejected; the status of a refusal. */
  why: string | null;
  workflow: LinkedRun['workflow'] | null;
  /** `null` until it was looked at. */
  run: RunView | null;
  /** What HubSpot has of the run's posts where it took one and its answer got lost; `null` where none did. */
  lostAnswer: LostAnswer | null;
  /** The runs that its run started, and those that they did. */
  followUps: LinkedRun[];
}

export interface TimelineSources {
  simulator: Pick<Simulator, 'deliveries' | 'messages' | 'tickets' | 'ledger' | 'calls'>;
  portal: PortalSettings;
  people: People;
  runs: Pick<Runs, 'follow' | 'view' | 'followUps'>;
  uiUrl: string;
  namespace: string;
}

const BEGINNING = 90;

const beginning = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > BEGINNING ? `${line.slice(0, BEGINNING - 1)}…` : line;
};

/** What the API's answer says of a delivery with a single event. */
export const becameOf = ({
  status,
  body,
}: Pick<Delivery, 'status' | 'body'>): { became: Became; why: string | null } => {
  if (status === null) return { became: 'unanswered', why: null };
  if (status !== 200) return { became: 'refused', why: String(status) };
  const counts = body as { accepted: number; duplicate: number; ignored: number };
  if (counts.accepted > 0) return { became: 'started', why: null };
  if (counts.duplicate > 0) return { became: 'duplicate', why: null };
  return { became: counts.ignored > 0 ? 'ignored' : 'rejected', why: null };
};

/** The run that an event means, and why it means none: the product's own plan of it. */
export const plannedFor = (event: SentEvent, portal: PortalSettings) => {
  const events = parseWebhookEvents(Buffer.from(JSON.stringify([event]))) ?? [];
  const { starts, ignored, rejected } = plan(events, portalsSpokenFor([portal], null));
  return { start: starts[0] ?? null, why: ignored[0]?.reason ?? rejected[0]?.reason ?? null };
};

/** Describes the newest deliveries of the portal, the newest first. */
export const createTimeline = (sources: TimelineSources) => {
  const { simulator, portal, people, runs } = sources;

  const threadOf = ({ objectId, subscriptionType }: SentEvent): string | null =>
    String(subscriptionType).startsWith('ticket.')
      ? (simulator.tickets().find(({ id }) => id === String(objectId))?.threadIds[0] ?? null)
      : String(objectId);

  const describe = (event: SentEvent): Pick<TimelineEntry, 'threadId' | 'kind' | 'title' | 'words'> => {
    const objectId = String(event.objectId);
    if (String(event.subscriptionType).startsWith('ticket.')) {
      return {
        threadId: threadOf(event),
        kind: 'ticket',
        title: `Ticket ${event.propertyName}`,
        words: String(event.propertyValue),
      };
    }
    const about = { threadId: objectId, words: null };
    if (event.propertyName === 'assignedTo') {
      const owner = String(event.propertyValue);
      return {
        ...about,
        kind: 'owner',
        title: owner === '' ? 'No owner any more' : `New owner: ${people.nameOf(owner)}`,
      };
    }
    if (event.messageId === undefined) {
      return {
        ...about,
        kind: 'other',
        title: `Conversation ${event.propertyName === undefined ? 'deleted' : String(event.propertyValue).toLowerCase()}`,
      };
    }
    const item = simulator.messages(objectId).find(({ id }) => id === event.messageId);
    const words = item && 'text' in item ? beginning(item.text) : null;
    const author = item ? people.authorOf(item) : 'Somebody';
    const isAi = item !== undefined && people.isAi(item);
    if (event.messageType === 'COMMENT') {
      return { ...about, kind: isAi ? 'ai' : 'comment', title: `${author} commented`, words };
    }
    if (item?.type === 'MESSAGE' && item.direction === 'INCOMING') {
      return { ...about, kind: 'customer', title: `${author} wrote`, words };
    }
    return { ...about, kind: isAi ? 'ai' : 'agent', title: `${author} answered`, words };
  };

  const linkedRun = ({ workflowId, type }: FollowUp): LinkedRun => {
    const run = runs.view(workflowId);
    return {
      workflow: { type, id: workflowId, url: runUrl(sources.uiUrl, sources.namespace, workflowId) },
      run: run && { ...run, reason: run.reason && people.named(run.reason), steps: run.steps.map(people.named) },
    };
  };

  /** What the plan doesn't know: the API finds in its records that the AI did it itself. */
  const ownIn = ({ messageId }: SentEvent): IgnoreReason => (messageId === undefined ? 'own-assignment' : 'own-post');

  const entryOf = (delivery: Delivery, event: SentEvent, index: number): TimelineEntry => {
    const { became, why } = becameOf(delivery);
    const planned = plannedFor(event, portal);
    const hasRun = planned.start !== null && (became === 'started' || became === 'duplicate');
    const workflow = hasRun ? planned.start : null;
    if (workflow) runs.follow(workflow.workflowId);
    const linked = workflow && linkedRun(workflow);
    return {
      id: String(index),
      at: new Date(delivery.sentAt).toISOString(),
      ...describe(event),
      attempt: delivery.attempt + 1,
      status: delivery.status,
      event,
      became,
      why: why ?? planned.why ?? (became === 'ignored' ? ownIn(event) : null),
      workflow: linked?.workflow ?? null,
      run: linked?.run ?? null,
      lostAnswer: workflow && event.messageId !== undefined ? lostAnswerOf(simulator, String(event.messageId)) : null,
      followUps: workflow && became === 'started' ? runs.followUps(workflow.workflowId).map(linkedRun) : [],
    };
  };

  /** @param limit at most so many events; @param threadId of this conversation alone, `null` for all */
  return (limit: number, threadId: string | null = null): TimelineEntry[] => {
    const entries: TimelineEntry[] = [];
    for (const [index, delivery] of [...simulator.deliveries.entries()].toReversed()) {
      for (const event of delivery.events.toReversed()) {
        if (entries.length === limit) return entries;
        if (threadId === null || threadOf(event) === threadId) entries.push(entryOf(delivery, event, index));
      }
    }
    return entries;
  };
};
