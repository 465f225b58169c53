import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { environmentSchema } from '../../src/config/environment.ts';
import { ConfigError, loadCodecServerSettings, loadConfig } from '../../src/config.ts';
import { newPayloadKey } from '../../src/temporal/payload-keys.ts';

const ONE_PORTAL = {
  WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-token',
  HUBSPOT_CLIENT_SECRET: 'client-secret',
  HUBSPOT_AI_ACTOR_ID: 'A-12345',
};

/** All settings that hold URLs of the web, by what the reference says that they take. */
const { properties = {} } = z.toJSONSchema(environmentSchema, { io: 'input' });
const URLS = Object.entries(properties).flatMap(([name, setting]) => {
  const { takes } = setting as { takes?: unknown };
  return /\b(URL|origins)\b/.test(String(takes)) ? [name] : [];
});
/** What a URL is not taken without. */
const besides = (name: string): Record<string, string> =>
  name === 'EMBEDDING_BASE_URL'
    ? { EMBEDDING_MODEL: 'small' }
    : name === 'NOTIFY_URL'
      ? { NOTIFY_FORMAT: 'slack' }
      : {};
/** What has to be at the end there. */
const pathIn = (name: string): string => (name === 'HUBSPOT_REDIRECT_URL' ? '/oauth/callback' : '');

const errorOf = (environment: Record<string, string>, load: (environment: Record<string, string>) => unknown) => {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
};
const refusal = (name: string, value: string): ConfigError => errorOf({ ...ONE_PORTAL, [name]: value }, loadConfig);
const warnings = (environment: Record<string, string>): string[] =>
  loadConfig({ ...ONE_PORTAL, ...environment }).warnings.map(({ message }) => message);

it('there are URLs among the settings', () => {
  expect(URLS).toEqual(
    expect.arrayContaining([
      'WEBHOOK_PUBLIC_URL',
      'HUBSPOT_API_URL',
      'HUBSPOT_REDIRECT_URL',
      'LLM_BASE_URL',
      'OPENCX_API_URL',
      'AI_HTTP_URL',
      'TEMPORAL_UI_URL',
      'OPS_URL',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'CODEC_SERVER_UI_ORIGIN',
    ]),
  );
});

describe.each(URLS)('%s', (name) => {
  it.each(['bot:hunter2@', 'hunter2@', ':hunter2@', '@', 'bot:hun%40ter2@', 'bot:hunter2@evil@', 'hunter2\t@'])(
    'is refused with %j before its host, in one line that shows none of it',
    (userInfo) => {
      const { problems, message } = refusal(name, `https://${userInfo}example.com${pathIn(name)}`);
      expect(problems).toEqual([
        expect.stringMatching(new RegExp(`^${name}(\\.0)? must have no user or password.*Leave out`)),
      ]);
      expect(message).not.toMatch(/hun|bot:|@evil/);
    },
  );

  it('shows no password where the rest is no URL either', () => {
    expect(refusal(name, 'https://bot:hunter2/x@example.com').message).not.toContain('hunter2');
    expect(refusal(name, 'ftp://bot:hunter2@example.com').message).not.toContain('hunter2');
  });

  it.each([
    'example.com',
    '10.0.0.5:8080',
    '[2001:db8::1]',
    'collector:4318',
    'localhost.example.com',
    '127.0.0.1.nip.io',
  ])('by http:// to %s is warned of', (host) => {
    const url = `http://${host}${pathIn(name)}`;
    const [warning, ...others] = warnings({ ...besides(name), [name]: url });
    expect(warning).toContain(`${name} leads to ${host} by http://`);
    expect(others).toEqual([]);
  });

  it.each([
    'http://localhost:11434',
    'http://LOCALHOST',
    'http://api.localhost',
    'http://127.0.0.1:4000',
    'http://127.8.9.10',
    'http://[::1]:4000',
    'http://[::ffff:127.0.0.1]',
    'https://example.com',
  ])('is taken as %s without a warning', (origin) => {
    const url = name === 'CODEC_SERVER_UI_ORIGIN' ? new URL(origin).origin : origin;
    expect(warnings({ ...besides(name), [name]: `${url}${pathIn(name)}` })).toEqual([]);
  });
});

it.each([
  'LLM_BASE_URL',
  'OPENCX_API_URL',
  'HUBSPOT_API_URL',
  'TEMPORAL_UI_URL',
  'OPS_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
])('%s takes no query or fragment, which paths can’t be put behind', (name) => {
  for (const end of ['?key=hunter2', '/v1?', '#hunter2']) {
    const { problems, message } = refusal(name, `https://example.com${end}`);
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must end before its \\? or #`))]);
    expect(message).not.toContain('hunter2');
  }
});

it('warns of no text that begins as a URL does', () => {
  expect(warnings({ EMAIL_SIGNATURE: 'http://shop.example', HANDOFF_MESSAGE: 'http://shop.example' })).toEqual([]);
});

describe('DATABASE_URL', () => {
  it('may have a password', () => {
    for (const url of ['postgres://me:pass@db:5432/threads', 'postgres://me:p%40ss@db/threads?sslmode=require']) {
      expect(loadConfig({ ...ONE_PORTAL, DATABASE_URL: url }).databaseUrl).toBe(url);
    }
  });

  it.each([
    'postgres://me:12/hunter2@db/threads',
    'postgres://me:12#hunter2@db/threads',
    'postgres://me:12?hunter2@db',
  ])('is refused as %s, whose password would be taken for a path and shown', (url) => {
    const { problems } = refusal('DATABASE_URL', url);
    expect(problems).toEqual(['DATABASE_URL must have / ? # @ of its password as %2F %3F %23 %40']);
  });
});

it.each(['https://bot:hunter2@temporal.example.com:7233', 'bot:hunter2@temporal:7233', 'http://hunter2:7233'])(
  'TEMPORAL_ADDRESS is refused as %s together with all else, and not shown',
  (address) => {
    const { problems, message } = errorOf({ ...ONE_PORTAL, TEMPORAL_ADDRESS: address, PORT: 'x' }, loadConfig);
    expect(problems).toHaveLength(2);
    expect(message).toContain('TEMPORAL_ADDRESS must be host:port');
    expect(message).not.toContain('hunter2');
  },
);

it('the codec server refuses and warns of its own', () => {
  const PAYLOAD_KEYS = newPayloadKey(new Date());
  const load = (origin: string) => loadCodecServerSettings({ PAYLOAD_KEYS, CODEC_SERVER_UI_ORIGIN: origin });
  expect(load('http://localhost:8233,http://ui.example.com').warnings).toEqual([
    { setting: 'CODEC_SERVER_UI_ORIGIN', message: expect.stringContaining('leads to ui.example.com by http://') },
  ]);
  expect(() => load('https://bot:hunter2@ui.example.com')).toThrow(/CODEC_SERVER_UI_ORIGIN.*no user or password/);
});
