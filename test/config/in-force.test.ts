import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SETTINGS, settingsInForce } from '../../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-in-force-'));
afterAll(() => rmSync(folder, { recursive: true }));

const settingIn = (environment: Record<string, string>, name: string) =>
  settingsInForce(environment).find((one) => one.name === name);

describe('the settings in force', () => {
  it('say where each comes from', () => {
    expect(settingIn({ QUIET_PERIOD: '7s' }, 'QUIET_PERIOD')).toMatchObject({ value: '7s', from: 'environment' });
    expect(settingIn({}, 'QUIET_PERIOD')).toMatchObject({ value: '2s', from: 'default' });
    expect(settingIn({ TEMPORAL_UI_URL: ' ' }, 'TEMPORAL_UI_URL')).toMatchObject({ value: null, from: 'default' });
  });

  it.each(SETTINGS.filter((name) => /TOKEN|SECRET|KEY|PASS|HEADER|DATABASE_URL/.test(name)))(
    'show of %s only that it is set, unless it is no secret',
    (name) => {
      const isPlain = ['LLM_MAX_OUTPUT_TOKENS', 'HANDOFF_TICKET_KEY_PROPERTY'].includes(name);
      const value = settingIn({ [name]: 'hunter2' }, name)?.value;
      expect(value).toBe(isPlain ? 'hunter2' : 'set');
    },
  );

  it.each([
    ['LLM_BASE_URL', 'https://me:hunter2@llm.example.com/v1', 'https://llm.example.com/…'],
    ['AI_HTTP_URL', 'https://ai.example.com?key=hunter2', 'https://ai.example.com/…'],
    [
      'WEBHOOK_PUBLIC_URL',
      'https://a.example.com/webhooks/hubspot?key=hunter2',
      'https://a.example.com/webhooks/hubspot',
    ],
  ])('leave out of an address what may be secret: %s', (name, given, shown) => {
    expect(settingIn({ [name]: given }, name)?.value).toBe(shown);
  });

  it('have what a portals file sets, its secrets left out however deep they are', () => {
    const file = join(folder, 'portals.yaml');
    writeFileSync(
      file,
      'portals: [{ portalId: 1, accessToken: hunter2, clientSecret: [hunter2], autonomy: { default: draft }, ' +
        'notify: { url: "https://chat.example.com/services/hunter2", secret: hunter2 } }]',
    );
    const settings = settingsInForce({ PORTALS_FILE: file }).filter(({ from }) => from === 'portals file');
    expect(settings).toMatchObject([
      { subject: 'Portal 1', name: 'accessToken', value: 'set' },
      { name: 'clientSecret', value: 'set' },
      { name: 'autonomy', value: '{"default":"draft"}' },
      { name: 'notify', value: '{"url":"https://chat.example.com/…","secret":"set"}' },
    ]);
  });
});
