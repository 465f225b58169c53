import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { History } from './judge.ts';
import type { Death } from './kills.ts';
import { type Post, timeOf } from './posts.ts';
import type { Run } from './runs.ts';

interface Line {
  time: number;
  text: string;
}

const ofItems = ({ items }: History): Line[] =>
  items.map((item) => {
    const time = timeOf(item);
    switch (item.type) {
      case 'ASSIGNMENT':
        return { time, text: `thread goes from ${item.assignedFrom ?? 'nobody'} to ${item.assignedTo ?? 'nobody'}` };
      case 'MESSAGE':
      case 'COMMENT': {
        const words = item.text.replaceAll(/\s+/g, ' ').slice(0, 80);
        return { time, text: `${item.type} ${item.id} by ${item.senders[0]?.actorId}: ${words}` };
      }
      default:
        return { time, text: item.type };
    }
  });

const ofPosts = (posts: Post[]): Line[] =>
  posts.map(({ time, id, key }) => ({
    time,
    text: `post ${id} takes effect: ${key ? `${key.kind} for ${key.messageId}` : 'without a key'}`,
  }));

/** What a run did, from Temporal's history: each activity as it was asked for and as it ended. */
const ofRun = async (client: Client, { workflowId, runId, outcome, skipReason }: Run): Promise<Line[]> => {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const message = workflowId.split('-').at(-1)?.slice(-6);
  const names = new Map<string, string>();
  const lines: Line[] = [];
  for (const event of events ?? []) {
    const say = (text: string): number =>
      lines.push({ time: tsToMs(event.eventTime), text: `  run …${message}: ${text}` });
    const scheduled = event.activityTaskScheduledEventAttributes;
    const started = event.activityTaskStartedEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    const over = completed ?? event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const nameOf = (id: unknown): string => names.get(String(id)) ?? '?';
    if (event.workflowExecutionStartedEventAttributes) say('starts');
    if (scheduled) {
      names.set(String(event.eventId), scheduled.activityType?.name ?? '?');
      say(`asks for ${scheduled.activityType?.name}`);
    }
    if (started) {
      const failure = started.lastFailure?.message;
      say(
        `${nameOf(started.scheduledEventId)} attempt ${started.attempt} ` +
          `starts${failure ? `, after "${failure.slice(0, 90)}"` : ''}`,
      );
    }
    if (over) say(`${nameOf(over.scheduledEventId)} ${completed ? 'is done' : 'fails'}`);
    if (event.workflowExecutionCompletedEventAttributes) say(`ends: ${outcome} ${skipReason ?? ''}`);
    if (event.workflowExecutionFailedEventAttributes) say('fails');
  }
  return lines;
};

/** All that happened on a thread, in order, with every kill in that time: what a violation has to be explained from. */
export const storyOf = async (
  history: History,
  { posts, runs, deaths, client }: { posts: Post[]; runs: Run[]; deaths: Death[]; client: Client },
): Promise<string[]> => {
  const { id } = history.thread;
  const questions = new Set(history.items.filter(({ createdBy }) => /^[VE]-/.test(createdBy)).map((item) => item.id));
  const ofThread = runs.filter(({ workflowId }) => {
    const [, threadId, messageId = ''] = /^message:\d+:(\d+)-(.+)$/.exec(workflowId) ?? [];
    return threadId === id && questions.has(messageId);
  });
  const lines = [...ofItems(history), ...ofPosts(posts.filter(({ threadId }) => threadId === id))];
  for (const run of ofThread) lines.push(...(await ofRun(client, run)));
  const first = Math.min(...lines.map(({ time }) => time));
  const last = Math.max(...lines.map(({ time }) => time));
  for (const { time, name } of deaths) {
    if (time >= first && time <= last) lines.push({ time, text: `--- kill -9 ${name}` });
  }
  return lines
    .sort((a, b) => a.time - b.time)
    .map(({ time, text }) => `${`+${((time - first) / 1_000).toFixed(3)}`.padStart(9)}  ${text}`);
};
