import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Scheduled {
  activityType: { name: string };
  taskQueue: { name: string };
  startToCloseTimeout: string;
  scheduleToCloseTimeout?: string;
  heartbeatTimeout?: string;
  retryPolicy: { maximumAttempts?: number; maximumInterval: string };
  priority?: { fairnessKey: string; priorityKey: number };
}

const scheduledIn = (name: string): Record<string, Scheduled> => {
  const { events } = JSON.parse(readFileSync(new URL(`../../replay/histories/${name}.json`, import.meta.url), 'utf8'));
  const all: Scheduled[] = events.flatMap(
    (event: { activityTaskScheduledEventAttributes?: Scheduled }) => event.activityTaskScheduledEventAttributes ?? [],
  );
  return Object.fromEntries(all.map((scheduled) => [scheduled.activityType.name, scheduled]));
};

const seconds = (text: string | undefined): number => Number(text?.replace('s', ''));

// As the server got them, not as the code says them.
describe('the activities of a reply', () => {
  const { readMessage, lookAndOpen, generateReply, post } = scheduledIn('reads-in-turn');
  const { openSession, recordTurn } = scheduledIn('in-single-steps/store-away');

  it('are two where HubSpot gives at once what is read first, also after a wait, and four where it does not', () => {
    for (const name of ['reply-chat', 'reply-email'])
      expect(Object.keys(scheduledIn(name))).toEqual(['generateReply', 'post']);
    expect(Object.keys(scheduledIn('reads-in-turn'))).toHaveLength(4);
  });

  it('are no more where the session store does not answer once: it is asked again beside the workflow', () => {
    expect(Object.keys(scheduledIn('store-away'))).toHaveLength(2);
  });

  it('are tried at most a minute apart, and someone is told after ten minutes', () => {
    for (const activity of [readMessage, lookAndOpen, openSession, post]) {
      expect(seconds(activity?.scheduleToCloseTimeout)).toBe(600);
      expect(seconds(activity?.retryPolicy.maximumInterval)).toBe(60);
      expect(activity?.retryPolicy.maximumAttempts ?? 0).toBe(0);
    }
  });

  it('outlive an outage of a day once someone knows', () => {
    for (const activity of [scheduledIn('attention-and-calm').fetchMessage, recordTurn])
      expect(seconds(activity?.scheduleToCloseTimeout)).toBe(24 * 3600);
  });

  it('give the AI ten minutes, and notice within 20 s that its worker died', () => {
    expect(seconds(generateReply?.scheduleToCloseTimeout)).toBe(600);
    expect(seconds(generateReply?.startToCloseTimeout)).toBe(180);
    expect(seconds(generateReply?.heartbeatTimeout)).toBe(20);
  });

  it('are noticed within 20 s where their worker died at HubSpot’s call', () => {
    for (const activity of [readMessage, lookAndOpen, post]) expect(seconds(activity?.heartbeatTimeout)).toBe(20);
  });

  it('go before others the nearer they are to the customer’s answer', () => {
    const order = [post, lookAndOpen, readMessage].map((activity) => activity?.priority?.priorityKey);
    expect(order).toEqual([1, 2, 3]);
  });

  it('call HubSpot from a task queue of their own, with a fair share for the portal', () => {
    for (const activity of [readMessage, lookAndOpen, post]) {
      expect(activity?.taskQueue.name).toMatch(/-hubspot$/);
      expect(activity?.priority?.fairnessKey).toMatch(/^portal-\d+$/);
    }
    for (const activity of [openSession, generateReply, recordTurn])
      expect(activity?.taskQueue.name).not.toMatch(/-hubspot$/);
  });
});

describe('what must not end before it is done', () => {
  it('is the word to the agents that a run needs attention', () => {
    expect(seconds(scheduledIn('needs-attention').post?.scheduleToCloseTimeout ?? '0s')).toBe(0);
  });

  it('is the start of acknowledged runs', () => {
    expect(seconds(scheduledIn('dispatch').startRuns?.scheduleToCloseTimeout ?? '0s')).toBe(0);
  });
});
