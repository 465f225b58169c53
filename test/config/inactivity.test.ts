import { describe, expect, it } from '@jest/globals';
import { inactivityInFile, inactivitySettings } from '../../src/config/inactivity.ts';
import { DEFAULT_FAREWELLS, DEFAULT_REMINDERS } from '../../src/config/inactivity-messages.ts';
import { loadConfig } from '../../src/config.ts';
import { problemsOf } from '../support/config-problems.ts';

const PORTAL = {
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-eu1-0',
  HUBSPOT_CLIENT_SECRET: 'secret',
  HUBSPOT_AI_ACTOR_ID: 'A-500',
  WEBHOOK_PUBLIC_URL: 'https://threadkeeper.example.com/webhooks/hubspot',
};
const DAY = 24 * 3_600_000;
const inFile = (said: object) => inactivitySettings(inactivityInFile.parse(said)).inactivity;

describe('customers who do not reply', () => {
  it.each<[Record<string, string>, object | undefined]>([
    [{}, undefined],
    [{ INACTIVITY_CLOSE: 'true', INACTIVITY_MESSAGE: 'Hello?' }, undefined],
    [{ INACTIVITY_AFTER: '24h' }, { afterMs: DAY, messages: DEFAULT_REMINDERS, close: false }],
    [
      { INACTIVITY_AFTER: '24h', INACTIVITY_CLOSE: 'true' },
      { afterMs: DAY, messages: DEFAULT_FAREWELLS, close: true },
    ],
    [
      { INACTIVITY_AFTER: '24h', INACTIVITY_MESSAGE: 'Hello?' },
      { afterMs: DAY, messages: { '*': 'Hello?' }, close: false },
    ],
    [
      { INACTIVITY_AFTER: '24h', INACTIVITY_MESSAGE: 'none', INACTIVITY_CLOSE: 'true' },
      { afterMs: DAY, messages: {}, close: true },
    ],
  ])('%j', (said, expected) => {
    expect(loadConfig({ ...PORTAL, ...said }).portals[0]?.settings.inactivity).toEqual(expected);
  });

  it('are treated as a portal of the file says, in each language', () => {
    expect(inFile({ after: 0 })).toBeUndefined();
    expect(inFile({ after: '24h' })).toEqual({ afterMs: DAY, messages: DEFAULT_REMINDERS, close: false });
    const message = { '*': 'Bye', de: 'Tschüss' };
    expect(inFile({ after: '2d', close: true, message })).toEqual({ afterMs: 2 * DAY, messages: message, close: true });
  });

  it.each<[Record<string, string>, string | RegExp]>([
    [
      { INACTIVITY_MESSAGE: 'none' },
      /^INACTIVITY_AFTER does nothing with INACTIVITY_MESSAGE=none: set INACTIVITY_CLOSE/,
    ],
    [{ INACTIVITY_AFTER: '24' }, /^INACTIVITY_AFTER has no unit/],
    [{ INACTIVITY_AFTER: '31d' }, /^INACTIVITY_AFTER must be a duration between 0s and 30d/],
    [{ INACTIVITY_CLOSE: 'yes' }, /^INACTIVITY_CLOSE must be true or false/],
    [{ INACTIVITY_MESSAGE: 'x'.repeat(4_001) }, /^INACTIVITY_MESSAGE/],
  ])('%j is refused with a line that says what fits', (wrong, problem) => {
    expect(problemsOf({ ...PORTAL, INACTIVITY_AFTER: '24h', ...wrong })).toEqual([expect.stringMatching(problem)]);
  });

  it('are not left to a portal of the file that wants nothing done', () => {
    expect(inactivityInFile.safeParse({ after: '24h', message: 'none' }).error?.issues[0]?.message).toContain(
      'does nothing',
    );
    expect(inactivityInFile.safeParse({ after: 0, message: 'none' }).success).toBe(true);
  });
});
