import { describe, expect, it } from '@jest/globals';
import { apiEnvironment } from '../../src/config/api.ts';
import { notifyInFile, notifyOf } from '../../src/config/notify.ts';
import { loadConfig } from '../../src/config.ts';
import { NOTIFY_EVENTS } from '../../src/rules/notify/notification.ts';
import { problemsOf } from '../support/config-problems.ts';

const PORTAL = {
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-eu1-0',
  HUBSPOT_CLIENT_SECRET: 'secret',
  HUBSPOT_AI_ACTOR_ID: 'A-500',
  WEBHOOK_PUBLIC_URL: 'https://threadkeeper.example.com/webhooks/hubspot',
};
const secretOf = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 251).toString('base64')}`;
const NOTIFY_URL = 'http://10.0.0.7:8080/hooks?key=1';
const SIGNED = { ...PORTAL, NOTIFY_URL, NOTIFY_SECRET: secretOf(24) };

describe('notifications', () => {
  it('are off, until there is an address', () => {
    const [portal] = loadConfig({ ...PORTAL, NOTIFY_SECRET: secretOf(32) }).portals;
    expect([portal?.notify, portal?.settings.notify]).toEqual([undefined, undefined]);
  });

  it('are of everything, signed by one secret or two', () => {
    const [portal] = loadConfig({ ...SIGNED, NOTIFY_SECRET: `${secretOf(64)}, ${secretOf(24)}` }).portals;
    expect(portal?.settings.notify).toEqual({ events: [...NOTIFY_EVENTS] });
    expect(portal?.notify).toEqual({
      ...{ url: NOTIFY_URL, format: 'webhook', secrets: [secretOf(64), secretOf(24)] },
    });
  });

  it('keep address and secret out of the settings, which go into the history of runs', () => {
    const [portal] = loadConfig({ ...SIGNED, NOTIFY_EVENTS: 'handoff, budget', NOTIFY_SHOW_TEXT: 'true' }).portals;
    expect(portal?.settings.notify).toEqual({ events: ['handoff', 'budget'], showText: true });
    expect(JSON.stringify(portal?.settings)).not.toMatch(/whsec_|10\.0\.0\.7/);
  });

  it('for Slack need no secret', () => {
    const [portal] = loadConfig({ ...PORTAL, NOTIFY_URL, NOTIFY_FORMAT: 'slack' }).portals;
    expect(portal?.notify).toEqual({ url: NOTIFY_URL, format: 'slack', secrets: [] });
  });

  it('are those of the environment for portals that install the app', () => {
    const { oauth } = loadConfig({
      ...{
        HUBSPOT_CLIENT_ID: 'id',
        HUBSPOT_CLIENT_SECRET: 's',
        TOKEN_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
      },
      ...{ WEBHOOK_PUBLIC_URL: PORTAL.WEBHOOK_PUBLIC_URL, NOTIFY_URL, NOTIFY_SECRET: secretOf(24) },
    });
    expect(oauth).toMatchObject({ notify: { url: NOTIFY_URL }, portalDefaults: { notify: { events: NOTIFY_EVENTS } } });
  });

  it.each([
    [{ NOTIFY_SECRET: '' }, 'NOTIFY_SECRET is missing: it signs what goes to NOTIFY_URL, unless NOTIFY_FORMAT=slack'],
    ...[
      secretOf(23),
      secretOf(65),
      Buffer.alloc(32).toString('base64'),
      'whsec_with-dashes-and_underscores-in-it-000',
      `${secretOf(24)},`.repeat(3),
    ].map((NOTIFY_SECRET) => [{ NOTIFY_SECRET }, expect.stringMatching(/^NOTIFY_SECRET must be whsec_/)] as const),
    [{ NOTIFY_URL: 'hooks.example.com' }, expect.stringMatching(/^NOTIFY_URL must be a URL/)],
    [{ NOTIFY_URL: 'https://me:pw@hooks.example.com' }, expect.stringMatching(/^NOTIFY_URL must have no user/)],
    [{ NOTIFY_FORMAT: 'teams' }, 'NOTIFY_FORMAT must be webhook or slack'],
    [{ NOTIFY_EVENTS: 'handoff,nothing' }, expect.stringMatching(/must be some of handoff, needs-attention/)],
    [{ NOTIFY_SHOW_TEXT: 'yes' }, 'NOTIFY_SHOW_TEXT must be true or false'],
  ])('%j is refused with a line that says what fits', (wrong, problem) => {
    expect(problemsOf({ ...SIGNED, ...wrong })).toEqual([problem]);
  });

  it('are nothing that the API has to know', () => {
    const { NOTIFY_SECRET: _, ...withoutSecret } = SIGNED;
    expect(loadConfig(apiEnvironment(withoutSecret)).portals[0]?.notify).toBeUndefined();
  });
});

it('a portal of the file has an address and secrets of its own', () => {
  const own = { url: 'https://hooks.example.com/2', secret: secretOf(32), events: ['budget'] };
  expect(notifyOf(notifyInFile.parse(own))).toEqual({
    settings: { notify: { events: ['budget'] } },
    target: { url: own.url, format: 'webhook', secrets: [own.secret] },
  });
  expect(notifyInFile.safeParse({ url: own.url }).error?.issues[0]?.message).toMatch(/^needs a secret/);
  expect(notifyInFile.safeParse({ url: own.url, format: 'slack' }).success).toBe(true);
});
