import { expect, it } from '@jest/globals';
import { spawnNode } from '../support/spawned.ts';

it('a start names misspelt variables and ways in clear text, and no secret of any URL', async () => {
  const api = spawnNode(['src/api.ts'], {
    PORT: '0',
    WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot?key=hunter2',
    HUBSPOT_PORTAL_ID: '62515',
    HUBSPOT_ACCESS_TOKEN: 'pat-token',
    HUBSPOT_CLIENT_SECRET: 'client-secret',
    HUBSPOT_AI_ACTOR_ID: 'A-12345',
    HUBSPOT_API_URL: 'http://hubspot.example.com',
    EMAIL_DELLAY: 'hunter2',
  });
  try {
    await api.says(/API listens/);
    expect(api.output()).toContain('EMAIL_DELLAY is no setting and has no effect: did you mean EMAIL_DELAY?');
    expect(api.output()).toContain('HUBSPOT_API_URL leads to hubspot.example.com by http://');
    expect(api.output()).not.toContain('hunter2');
  } finally {
    await api.ends('SIGTERM');
  }
});
