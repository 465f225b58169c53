import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { costOf } from '../../bench/actions.ts';

// The recorded histories are those that the code gives: replay.test.ts sees to that.
const costIn = (name: string) =>
  costOf(JSON.parse(readFileSync(new URL(`../replay/histories/${name}.json`, import.meta.url), 'utf8')).events);

it.each(['reply-chat', 'reply-email', 'reply-claimed', 'quiet-period', 'reply-watched', 'draft-assist', 'store-away'])(
  'costs at most 3 activities and 9 actions to answer: %s',
  (name) => {
    const { activities, actions } = costIn(name);
    expect(activities).toBeLessThanOrEqual(3);
    expect(actions).toBeLessThanOrEqual(9);
  },
);

it.each([
  // As our own echo is: HubSpot announces it like any other message.
  ['skipped-by-message', 0],
  ['skipped-by-owner', 0],
  ['agent-wrote', 0],
  ['command-none', 0],
  ['owner-change', 0],
  ['sync-no-session', 1],
])('costs few activities to stay silent: %s, %i', (name, most) => {
  expect(costIn(name).activities).toBeLessThanOrEqual(most);
});

// How often such a run is started: test/temporal/schedules.test.ts.
it('looks at a hundred portals without news by one activity and three actions', () => {
  expect(costIn('catch-up-portals-without-news')).toMatchObject({ activities: 1, actions: 3 });
});
