import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_CSAT_MESSAGES } from '../src/config/csat.ts';
import { ConfigError, loadCodecServerSettings, loadConfig, loadQueueSettings } from '../src/config.ts';
import { problemsOf } from './support/config-problems.ts';
import { DEFAULT_HANDOFF, DEFAULT_SETTINGS } from './support/settings.ts';

const ONE_PORTAL = {
  WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-token',
  HUBSPOT_CLIENT_SECRET: 'client-secret',
  HUBSPOT_AI_ACTOR_ID: 'A-12345',
};

const ONE_UNIT = 'must be one number and one unit (ms, s, m, h or d) without a space';

const PRICES = { LLM_INPUT_PRICE: '3', LLM_OUTPUT_PRICE: '0.15' };

describe('one portal', () => {
  it('needs no more than the portal, its credentials and the public URL', () => {
    expect(loadConfig(ONE_PORTAL)).toEqual({
      port: 3000,
      logLevel: 'info',
      taskQueue: 'threadkeeper',
      temporalCliPath: undefined,
      temporalConfigured: false,
      payloadKeys: [],
      encryption: { required: false },
      databaseUrl: undefined,
      dataDir: resolve('.data'),
      sessionRetentionMs: 0,
      opsToken: undefined,
      opsUrl: 'https://example.com/ops',
      opsShowText: false,
      resolvedAfterMs: 24 * 60 * 60_000,
      temporalUiUrl: undefined,
      hubspotApiUrl: 'https://api.hubapi.com',
      hubspotApiVersion: 'v3',
      webhookPublicUrl: 'https://example.com/webhooks/hubspot',
      webhookSecrets: [{ secret: 'client-secret', portalIds: null }],
      allowSignatureV1: false,
      hubspotCallsPerSecond: 19,
      hubspotActivitiesPerSecond: 12,
      bulkRunsPerSecond: 7,
      workerMetricsAddress: undefined,
      workflowStackTraceLimit: undefined,
      workerHealthAddress: undefined,
      watchdogMs: 30_000,
      workerVersion: null,
      tracing: null,
      portals: [
        {
          accessToken: 'pat-token',
          aiFields: { contact: [], ticket: [] },
          settings: {
            portalId: '62515',
            aiActorId: 'A-12345',
            ...DEFAULT_SETTINGS,
          },
        },
      ],
      oauth: null,
      ai: { backend: 'knowledge', knowledgeDir: resolve('knowledge'), clarifyingQuestions: 1 },
      aiFallbacks: [],
      aiPrices: null,
      knowledgeDir: resolve('knowledge'),
      knowledgeSources: null,
      instructionsFile: null,
      tools: null,
      linkDomains: null,
      warnings: [],
      maxOutputTokens: 4_096,
    });
  });

  it('ignores variables that are none of its own', () => {
    expect(loadConfig({ ...ONE_PORTAL, HOME: '/root', PATH: '/bin' })).toEqual(loadConfig(ONE_PORTAL));
  });

  it('reads several secrets while one is rotated', () => {
    const { webhookSecrets } = loadConfig({ ...ONE_PORTAL, HUBSPOT_CLIENT_SECRET: ' old , new ,' });
    expect(webhookSecrets).toEqual([
      { secret: 'old', portalIds: null },
      { secret: 'new', portalIds: null },
    ]);
  });
});

describe('each setting', () => {
  it.each([
    ['PORT', '8080', { port: 8080 }],
    ['PORT', '0', { port: 0 }],
    ['LOG_LEVEL', 'debug', { logLevel: 'debug' }],
    ['TEMPORAL_TASK_QUEUE', 'support-eu', { taskQueue: 'support-eu' }],
    ['TEMPORAL_CLI_PATH', '/usr/bin/temporal', { temporalCliPath: '/usr/bin/temporal' }],
    ['TEMPORAL_ADDRESS', 'temporal:7233', { temporalConfigured: true }],
    ['TEMPORAL_PROFILE', 'production', { temporalConfigured: true }],
    ['TEMPORAL_CONFIG_FILE', '/etc/temporal.toml', { temporalConfigured: true }],
    ['DATABASE_URL', 'postgres://me@db/threads', { databaseUrl: 'postgres://me@db/threads' }],
    ['DATABASE_URL', 'postgresql://me@db/threads', { databaseUrl: 'postgresql://me@db/threads' }],
    ['DATA_DIR', '/var/lib/threadkeeper', { dataDir: '/var/lib/threadkeeper' }],
    ['OPS_TOKEN', 'a-token-of-24-characters', { opsToken: 'a-token-of-24-characters' }],
    ['OPS_SHOW_TEXT', 'true', { opsShowText: true }],
    ['OPS_URL', 'https://desk.example.com/', { opsUrl: 'https://desk.example.com/ops' }],
    ['OPS_URL', 'https://example.com/team/ops', { opsUrl: 'https://example.com/team/ops' }],
    ['WEBHOOK_PUBLIC_URL', 'https://example.com/webhooks/hubspot', { opsUrl: 'https://example.com/ops' }],
    ['OPS_PORT', '3001', { opsPort: 3001, opsUrl: undefined }],
    ['RESOLVED_AFTER', '3d', { resolvedAfterMs: 3 * 24 * 60 * 60_000 }],
    ['TEMPORAL_UI_URL', 'https://temporal.example.com/', { temporalUiUrl: 'https://temporal.example.com' }],
    ['HUBSPOT_API_URL', 'http://127.0.0.1:4000/', { hubspotApiUrl: 'http://127.0.0.1:4000' }],
    ['HUBSPOT_API_VERSION', '2026-09', { hubspotApiVersion: '2026-09' }],
    ['HUBSPOT_ALLOW_SIGNATURE_V1', 'true', { allowSignatureV1: true }],
    ['WEBHOOK_PUBLIC_URL', 'https://example.com/a%2Fb', { webhookPublicUrl: 'https://example.com/a%2Fb' }],
    ['KNOWLEDGE_DIR', '/srv/help', { ai: { backend: 'knowledge', knowledgeDir: '/srv/help', clarifyingQuestions: 1 } }],
    [
      'CLARIFYING_QUESTIONS',
      '0',
      { ai: { backend: 'knowledge', knowledgeDir: resolve('knowledge'), clarifyingQuestions: 0 } },
    ],
    [
      'EMBEDDING_MODEL',
      'local',
      { ai: { backend: 'knowledge', embeddings: { kind: 'local', folder: null, xdgCacheHome: undefined } } },
    ],
    [
      'EMBEDDING_MODEL',
      'local:/srv/model',
      { ai: { backend: 'knowledge', embeddings: { kind: 'local', folder: '/srv/model', xdgCacheHome: undefined } } },
    ],
    ['INSTRUCTIONS_FILE', 'tone.md', { instructionsFile: resolve('tone.md') }],
  ])('%s=%s is taken', (name, value, expected) => {
    expect(loadConfig({ ...ONE_PORTAL, [name]: value })).toMatchObject(expected);
  });

  it.each([
    ['AUTONOMY', 'approve', { autonomy: { default: 'approve', channels: {} } }],
    ['AUTONOMY', 'email = draft', { autonomy: { default: 'auto', channels: { email: 'draft' } } }],
    [
      'AUTONOMY',
      'shadow, Email=approve, live chat=auto, channel 424242=off',
      { autonomy: { default: 'shadow', channels: { email: 'approve', 'live chat': 'auto', 'channel 424242': 'off' } } },
    ],
    ['ASSIST_MODE', 'true', { autonomy: { default: 'draft', channels: {} } }],
    ['MIN_CONFIDENCE', '0.75', { sureness: { minConfidence: { default: 0.75 } } }],
    ['MIN_CONFIDENCE', '.3, Email = 1', { sureness: { minConfidence: { default: 0.3, email: 1 } } }],
    ['MIN_CONFIDENCE', 'live chat=0', { sureness: { minConfidence: { default: 0.5, 'live chat': 0 } } }],
    ['LOW_CONFIDENCE', 'approve', { sureness: { otherwise: 'approve' } }],
    ['REQUIRE_SOURCES', 'true', { sureness: { needsSources: { default: true } } }],
    ['REQUIRE_SOURCES', 'email=true', { sureness: { needsSources: { default: false, email: true } } }],
    ['AI_COMMANDS', 'false', { aiCommands: false }],
    ['TICKETING_ENABLED', 'false', { ticketingEnabled: false }],
    ['UNASSIGNED_THREADS', 'claim', { unassignedThreads: 'claim' }],
    ['CLOSED_THREADS', 'answer', { closedThreads: 'answer' }],
    ['QUIET_PERIOD', '3s', { quietPeriodMs: 3_000 }],
    ['QUIET_PERIOD_MAX', '20s', { quietPeriodMaxMs: 20_000 }],
    ['DELIVERY_CHECK', '1m', { deliveryCheckMs: 60_000 }],
    ['ATTENTION_AFTER', '1m', { attentionAfterMs: 60_000 }],
    ['MAX_REPLIES_PER_HOUR', '5', { maxRepliesPerHour: 5 }],
    ['MAX_AI_CALLS_PER_HOUR', '7', { maxAiCallsPerHour: 7 }],
    ['MAX_MESSAGE_AGE', '3d', { maxMessageAgeMs: 3 * 86_400_000 }],
    ['APPROVAL_TIMEOUT', '7d', { approvalTimeoutMs: 7 * 86_400_000 }],
    ['CATCH_UP_INTERVAL', '0s', { catchUpIntervalMs: 0 }],
    ['AI_DAILY_BUDGET', '2.50', { aiDailyBudgetMillionths: 2_500_000 }],
    ['AI_DAILY_CEILING', '0.50', { aiDailyCeilingMillionths: 500_000 }],
    ['EMAIL_DELAY', '2m', { emailDelayMs: 120_000 }],
    ['EMAIL_DELAY', '1.5s', { emailDelayMs: 1500 }],
    ['EMAIL_DELAY', '250ms', { emailDelayMs: 250 }],
    ['EMAIL_DELAY', '1.001s', { emailDelayMs: 1001 }],
    ['EMAIL_DELAY', '0s', { emailDelayMs: 0 }],
    ['EMAIL_DELAY', '0', { emailDelayMs: 0 }],
    ['EMAIL_DELAY', '1h', { emailDelayMs: 3_600_000 }],
    ['HUBSPOT_AI_ACTOR_ID', '12345', { aiActorId: 'A-12345' }],
    ['TICKETING_ENABLED', 'false', { handoff: { tickets: false } }],
    ['HANDOFF_TICKETS', 'false', { handoff: { tickets: false } }],
    ['HANDOFF_TICKET_PIPELINE', '652', { handoff: { pipeline: '652' } }],
    ['HANDOFF_TICKET_STAGE', '1', { handoff: { stage: '1' } }],
    ['HANDOFF_CLOSED_TICKET', 'reopen', { handoff: { closedTicket: 'reopen' } }],
    ['HANDOFF_TICKET_KEY_PROPERTY', 'threadkeeper_key', { handoff: { keyProperty: 'threadkeeper_key' } }],
    [
      'HANDOFF_TICKET_PROPERTIES',
      'plan=customer_plan, city = town',
      { handoff: { properties: { plan: 'customer_plan', city: 'town' } } },
    ],
    ['HANDOFF_ASSIGN_TO', '12345', { handoff: { assignTo: [{ when: null, to: 'A-12345' }] } }],
    [
      'HANDOFF_ASSIGN_TO',
      'A-1, language=de:A-2, channel=live chat:A-3, sentiment=negative:A-4',
      {
        handoff: {
          assignTo: [
            { when: null, to: 'A-1' },
            { when: { by: 'language', is: 'de' }, to: 'A-2' },
            { when: { by: 'channel', is: 'live chat' }, to: 'A-3' },
            { when: { by: 'sentiment', is: 'negative' }, to: 'A-4' },
          ],
        },
      },
    ],
    ['HANDOFF_ESCALATE_TO', 'A-9', { handoff: { escalateTo: 'A-9' } }],
    ['HANDOFF_MESSAGE', 'none', { handoff: { messages: {} } }],
    ['HANDOFF_MESSAGE', 'Hold on, please.', { handoff: { messages: { '*': 'Hold on, please.' } } }],
    [
      'BUSINESS_HOURS',
      'mon-tue 09:00-17:30, TUE 08:00 - 08:30, sat 22:00-02:00',
      {
        handoff: {
          hours: {
            week: [
              [[0, 120]],
              [[540, 1050]],
              [
                [480, 510],
                [540, 1050],
              ],
              [],
              [],
              [],
              [[1320, 1440]],
            ],
            holidays: [],
          },
          outOfHours: 'now',
        },
      },
    ],
    [
      'BUSINESS_HOURS',
      'sat-mon 00:00-24:00, fri 20:00-00:00',
      { handoff: { hours: { week: [[[0, 1440]], [[0, 1440]], [], [], [], [[1200, 1440]], [[0, 1440]]] } } },
    ],
    ['HANDOFF_PICK_UP', '2d', { handoff: { pickUpMs: 2 * 86_400_000 } }],
    ['AFTER_HANDOFF', 'answer', { handoff: { after: 'answer' } }],
    ['EMAIL_REPLY_ALL', 'true', { replyAll: true }],
    ['CSAT', 'true', { csat: { messages: DEFAULT_CSAT_MESSAGES, delayMs: 60_000, waitMs: 259_200_000 } }],
    ['AI_READS_NOTES', 'true', { aiReadsNotes: true }],
    ['COLLEAGUES_BY_DOMAIN', 'false', { colleaguesByDomain: false }],
    ['TIME_ZONE', 'Europe/Berlin', { timeZone: 'Europe/Berlin' }],
    [
      'COLLEAGUE_DOMAINS',
      'Example.com, @example.org,example.com',
      { colleagueDomains: ['example.com', 'example.org'] },
    ],
    ['ANSWER_SENDERS', 'noreply@Example.com', { answerSenders: ['noreply@example.com'] }],
    ['IGNORE_SENDERS', '*.example.com, kim@example.org', { ignoreSenders: ['example.com', 'kim@example.org'] }],
    ['EMAIL_SIGNATURE', 'Kind regards\\nExample Shop', { signatures: { '*': 'Kind regards\nExample Shop' } }],
  ])('%s=%s is taken for the portal', (name, value, expected) => {
    const prices = name.startsWith('AI_DAILY_') ? PRICES : {};
    expect(loadConfig({ ...ONE_PORTAL, ...prices, [name]: value }).portals[0]?.settings).toMatchObject(expected);
  });

  it.each([
    ['AI_CONTACT_FIELDS', 'plan, renewal_date,plan', { contact: ['plan', 'renewal_date'] }],
    ['AI_TICKET_FIELDS', 'hs_ticket_priority', { ticket: ['hs_ticket_priority'] }],
  ])('%s=%s is what the AI may read', (name, value, expected) => {
    expect(loadConfig({ ...ONE_PORTAL, [name]: value }).portals[0]?.aiFields).toMatchObject(expected);
  });

  it.each(Object.keys(ONE_PORTAL))('%s is missed, and so is an empty or blank one', (name) => {
    for (const value of [undefined, '', '  ']) {
      const problems = problemsOf({ ...ONE_PORTAL, [name]: value });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(new RegExp(`^${name} is missing: .`));
    }
  });

  it.each([
    ['PORT', 'http', 'must be a port number, 0 to 65535'],
    ['PORT', '65536', 'must be a port number, 0 to 65535'],
    ['PORT', '-1', 'must be a port number, 0 to 65535'],
    ['PORT', '3000.5', 'must be a port number, 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'must be fatal, error, warn, info, debug, trace or silent'],
    ['TEMPORAL_TASK_QUEUE', 'two words', 'must be letters, digits, _ . -'],
    ['DATABASE_URL', 'mysql://db', 'must start with postgres://'],
    ['HUBSPOT_API_VERSION', 'v4', 'must be v3 or 2026-09'],
    ['OPS_TOKEN', 'a-token-of-23-character', 'must have at least 24 characters, without spaces'],
    ['OPS_TOKEN', 'a'.repeat(24), 'is soon guessed: take what `openssl rand -hex 24` prints'],
    ['TEMPORAL_UI_URL', 'temporal:8233', 'must be a URL that starts with http:// or https://'],
    ['HUBSPOT_API_URL', 'api.hubapi.com', 'must be a URL that starts with http:// or https://'],
    ['HUBSPOT_ALLOW_SIGNATURE_V1', 'yes', 'must be true or false'],
    ['WEBHOOK_PUBLIC_URL', 'example.com/webhooks', 'must be a URL that starts with http:// or https://'],
    ['WEBHOOK_PUBLIC_URL', 'https:example.com', 'must be a URL that starts with http:// or https://'],
    ['WEBHOOK_PUBLIC_URL', 'ftp://example.com', 'must be a URL that starts with http:// or https://'],
    ['HUBSPOT_PORTAL_ID', 'my-portal', 'portalId must be digits, as a number or a string'],
    ['HUBSPOT_CLIENT_SECRET', ' , ', 'holds no secret'],
    ['HUBSPOT_AI_ACTOR_ID', 'V-12345', 'must be the AI user of the inbox, such as A-12345'],
    ['ASSIST_MODE', '1', 'must be true or false'],
    ['LOW_CONFIDENCE', 'skip', 'must be handoff, draft or approve'],
    ['AI_COMMANDS', 'no', 'must be true or false'],
    ['TICKETING_ENABLED', 'FALSE', 'must be true or false'],
    ['UNASSIGNED_THREADS', 'answer', 'must be skip or claim'],
    ['EMAIL_DELAY', 'soon', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', '-5s', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', '61m', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', '5', 'has no unit: write 5s or 5ms'],
    ['EMAIL_DELAY', '1.5', 'has no unit: write 1.5s'],
    ['EMAIL_DELAY', '5000', 'has no unit: write 5000ms'],
    ['EMAIL_DELAY', '99999999', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', '0.5ms', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', '99999999d', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', 'Infinity', 'must be a duration between 0s and 1h, such as 5s'],
    ['EMAIL_DELAY', '5 S', `${ONE_UNIT}: write 5s`],
    ['EMAIL_DELAY', '5sec', `${ONE_UNIT}: write 5s`],
    ['EMAIL_DELAY', '2 Minutes', `${ONE_UNIT}: write 2m`],
    ['EMAIL_DELAY', '1m30s', `${ONE_UNIT}: write 90s`],
    ['EMAIL_DELAY', '1m 30s', `${ONE_UNIT}: write 90s`],
    ['EMAIL_DELAY', '1h30m', 'must be a duration between 0s and 1h, such as 5s'],
    ['HANDOFF_PICK_UP', '1h30m', `${ONE_UNIT}: write 90m`],
    ['MAX_MESSAGE_AGE', '24', 'has no unit: write 24d, 24h, 24m or 24s'],
    ['SESSION_RETENTION', '30', 'has no unit: write 30d or 30h'],
    ['SESSION_RETENTION', '12h', 'must be 0s, or at least 1d'],
    ['SESSION_RETENTION', '99999d', 'must be a duration between 0s and 3650d, such as 0s'],
    ['CATCH_UP_INTERVAL', '300', 'has no unit: write 300m or 300s'],
    ['EMAIL_REPLY_ALL', 'cc', 'must be true or false'],
    ['AI_READS_NOTES', 'all', 'must be true or false'],
    ['COLLEAGUES_BY_DOMAIN', 'no', 'must be true or false'],
    ['TIME_ZONE', 'Berlin', 'must be a time zone such as Europe/Berlin, or UTC'],
    ...['COLLEAGUE_DOMAINS', 'ANSWER_SENDERS', 'IGNORE_SENDERS'].map((name) => [
      name,
      'Kim Lee <kim@example.com>',
      'must be addresses and domains, comma-separated, 200 at most, such as forms@example.com,example.org',
    ]),
    ['CATCH_UP_INTERVAL', '59s', 'must be 0s, or at least 1m'],
    ['HANDOFF_TICKETS', 'yes', 'must be true or false'],
    ['HANDOFF_TICKET_PIPELINE', 'Support Pipeline', "must be HubSpot's own id, not a label"],
    ['HANDOFF_CLOSED_TICKET', 'old', 'must be new or reopen'],
    ['HANDOFF_TICKET_KEY_PROPERTY', 'My key', 'must be an internal name of a property'],
    ['HANDOFF_TICKET_PROPERTIES', 'plan', 'must be names in the session and of the ticket, such as plan=customer_plan'],
    ...['V-1', 'mood=bad:A-1', 'channel=fax:A-1', 'language=de'].map((value) => [
      'HANDOFF_ASSIGN_TO',
      value,
      'must be an agent such as A-12345, and rules before or after it such as language=de:A-2, ' +
        'channel=email:A-3, sentiment=negative:A-4',
    ]),
    ['HANDOFF_ESCALATE_TO', 'someone', 'must be an agent, such as A-12345'],
    ...[
      '9-5',
      'mon-fri',
      'mon-fri 9am-5pm',
      'mon 09:00-09:00',
      'mon 24:00-25:00',
      'may 09:00-17:00',
      'mon 09:00-17:60',
    ].map((value) => ['BUSINESS_HOURS', value, 'must be days and hours, such as mon-fri 09:00-17:00, sat 10:00-14:00']),
    ...[
      'Christmas',
      '2026-02-30',
      '13-01',
      '2026-12-26..2026-12-24',
      '12-24..2026-12-26',
      '1-1',
      '12-24..12-25..12-26',
    ].map((value) => [
      'HOLIDAYS',
      value,
      'must be days, such as 2026-12-31, 12-25 for each year, or 12-24..12-26 for all between them, 400 at most',
    ]),
    ['HANDOFF_OUT_OF_HOURS', 'wait', 'must be now, in-hours or stay'],
    ['HANDOFF_PICK_UP', '8d', 'must be a duration between 0s and 7d, such as 30m'],
    ['CSAT', 'yes', 'must be true or false'],
    ['CSAT_WAIT', '0s', 'must be at least 1m'],
    ['CSAT_WAIT', '31d', 'must be a duration between 0s and 30d, such as 72h'],
    ['CSAT_DELAY', '2d', 'must be a duration between 0s and 24h, such as 1m'],
    ['CSAT_MESSAGE', 'x'.repeat(1001), 'must be the question to the customer, at most 1000 characters'],
    ['AFTER_HANDOFF', 'stop', 'must be silent or answer'],
    [
      'AI_CONTACT_FIELDS',
      'Renewal date',
      'must be internal names of properties, comma-separated, 50 at most, such as plan,renewal_date',
    ],
    [
      'AI_TICKET_FIELDS',
      Array.from({ length: 51 }, (_, n) => `p${n}`).join(),
      'must be internal names of properties, comma-separated, 50 at most, such as plan,renewal_date',
    ],
    ['AI_DAILY_BUDGET', '0', 'must be an amount above 0, such as 2.50'],
    ['AI_DAILY_BUDGET', '5 USD', 'must be an amount above 0, such as 2.50'],
    ['AI_DAILY_CEILING', '0', 'must be an amount above 0, such as 2.50'],
    ['MAX_AI_CALLS_PER_HOUR', '0', 'must be a whole number from 1 to 10000'],
    ['LLM_MAX_OUTPUT_TOKENS', '100', 'must be a whole number from 256 to 64000'],
    ['LLM_INPUT_PRICE', '-1', 'must be an amount for a million tokens, such as 2.50'],
    ['LLM_OUTPUT_PRICE', '1,5', 'must be an amount for a million tokens, such as 2.50'],
    ['EMAIL_DELAY', '5'.repeat(101), 'must be a duration between 0s and 1h, such as 5s'],
    ['WORKER_DEPLOYMENT_NAME', '__mine', 'must be letters, digits, _ -'],
    ['WORKER_DEPLOYMENT_NAME', 'thread.keeper', 'must be letters, digits, _ -'],
    ['WORKER_BUILD_ID', 'b1; rm', 'must be letters, digits, _ . -'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be a URL that starts with http:// or https://'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://collector', 'must be a URL that starts with http:// or https://'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be http/protobuf'],
    ['OTEL_SDK_DISABLED', '1', 'must be true or false'],
    ['OTEL_TRACES_SAMPLER', 'always_off', 'must be parentbased_always_on or parentbased_traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '10%', 'must be a number from 0 to 1, such as 0.1'],
    ['PAYLOAD_ENCRYPTION', 'always', 'must be optional or required'],
    ['LLM_FILES', 'images', 'must be none, text or text,images'],
    ['AI_BACKEND', 'gpt', 'must be knowledge, openai-compatible, anthropic, opencx or http'],
  ])('%s=%s is refused with a line that says what fits', (name, value, message) => {
    expect(problemsOf({ ...ONE_PORTAL, [name]: value })).toEqual([`${name} ${message}`]);
  });

  it.each([
    ['full', 'AUTONOMY must be off, shadow, draft, approve or auto'],
    ['email=full', 'AUTONOMY of email must be off, shadow, draft, approve or auto'],
    [
      'auto, fax=draft',
      'AUTONOMY of fax is no channel: live chat, messenger, email, forms, customer portal, whatsapp, sms, ' +
        'instagram, migration, or channel and the id of a custom one',
    ],
  ])('AUTONOMY=%s is refused with a line that says what fits', (value, problem) => {
    expect(problemsOf({ ...ONE_PORTAL, AUTONOMY: value })).toEqual([problem]);
  });

  it.each([
    ['MIN_CONFIDENCE', '1.1', 'MIN_CONFIDENCE must be a number from 0 to 1, such as 0.7'],
    ['MIN_CONFIDENCE', '70%', 'MIN_CONFIDENCE must be a number from 0 to 1, such as 0.7'],
    ['MIN_CONFIDENCE', 'email=-1', 'MIN_CONFIDENCE of email must be a number from 0 to 1, such as 0.7'],
    [
      'MIN_CONFIDENCE',
      'chat=0.5',
      expect.stringMatching(/^MIN_CONFIDENCE of chat is no channel: live chat, messenger/),
    ],
    ['REQUIRE_SOURCES', 'yes', 'REQUIRE_SOURCES must be true or false'],
    ['REQUIRE_SOURCES', 'email=1', 'REQUIRE_SOURCES of email must be true or false'],
  ])('%s=%s is refused with a line that says what fits and where', (name, value, problem) => {
    expect(problemsOf({ ...ONE_PORTAL, [name]: value })).toEqual([problem]);
  });

  it('leaves no level above a draft in Assist Mode', () => {
    const { portals } = loadConfig({ ...ONE_PORTAL, ASSIST_MODE: 'true', AUTONOMY: 'approve, email=off, sms=shadow' });
    expect(portals[0]?.settings.autonomy).toEqual({ default: 'draft', channels: { email: 'off', sms: 'shadow' } });
  });

  it('names every problem at once, also of settings that hang on others', () => {
    const problems = problemsOf({ PORT: 'x', LOG_LEVEL: 'x', AI_BACKEND: 'opencx', OPENCX_API_URL: 'x' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'LOG_LEVEL',
      'WEBHOOK_PUBLIC_URL',
      'OPENCX_API_URL',
      'HUBSPOT_PORTAL_ID',
      'HUBSPOT_ACCESS_TOKEN',
      'HUBSPOT_CLIENT_SECRET',
      'HUBSPOT_AI_ACTOR_ID',
      'OPENCX_API_KEY',
    ]);
  });

  it('puts a problem on a line of its own, and never a value', () => {
    const environment = { ...ONE_PORTAL, PORT: 'pat-by-mistake', HUBSPOT_AI_ACTOR_ID: 'pat-by-mistake' };
    expect(() => loadConfig(environment)).toThrow(
      "Threadkeeper can't start, settings are missing or wrong:\n" +
        '  PORT must be a port number, 0 to 65535\n' +
        '  HUBSPOT_AI_ACTOR_ID must be the AI user of the inbox, such as A-12345\n' +
        'See .env.example and docs/configuration.md.',
    );
  });
});

describe('the AI backend', () => {
  it('has vectors from a server with its URL and model, and a key where there is one', () => {
    const environment = { EMBEDDING_BASE_URL: 'http://localhost:11434/v1/', EMBEDDING_MODEL: 'small' };
    const server = { kind: 'server', baseUrl: 'http://localhost:11434/v1', model: 'small', apiKey: null };
    expect(loadConfig({ ...ONE_PORTAL, ...environment }).ai).toMatchObject({ embeddings: server });
    expect(loadConfig({ ...ONE_PORTAL, ...environment, EMBEDDING_API_KEY: 'k' }).ai).toMatchObject({
      embeddings: { ...server, apiKey: 'k' },
    });
    expect(loadConfig(ONE_PORTAL).ai).not.toHaveProperty('embeddings');
  });

  it('wants both of an embedding server', () => {
    expect(problemsOf({ ...ONE_PORTAL, EMBEDDING_BASE_URL: 'http://localhost:11434/v1' })).toEqual([
      'EMBEDDING_MODEL is missing: EMBEDDING_BASE_URL is set',
    ]);
    expect(problemsOf({ ...ONE_PORTAL, EMBEDDING_MODEL: 'small' })).toEqual([
      'EMBEDDING_BASE_URL is missing: EMBEDDING_MODEL is set',
    ]);
  });

  it('opencx needs its URL and key', () => {
    expect(problemsOf({ ...ONE_PORTAL, AI_BACKEND: 'opencx' })).toEqual([
      'OPENCX_API_URL is missing: AI_BACKEND is opencx',
      'OPENCX_API_KEY is missing: AI_BACKEND is opencx',
    ]);
  });

  it('opencx is taken with both', () => {
    const environment = { AI_BACKEND: 'opencx', OPENCX_API_URL: 'https://ai.example.com/v1/', OPENCX_API_KEY: 'key' };
    expect(loadConfig({ ...ONE_PORTAL, ...environment }).ai).toEqual({
      backend: 'opencx',
      apiUrl: 'https://ai.example.com/v1',
      apiKey: 'key',
    });
  });
});

describe('models and others', () => {
  const MODEL = { LLM_API_KEY: 'key', LLM_MODEL: 'm' };
  const load = (environment: Record<string, string>) => loadConfig({ ...ONE_PORTAL, ...environment });
  const knowledgeDir = resolve('knowledge');

  it.each([
    ['openai-compatible', ['LLM_BASE_URL', 'LLM_MODEL']],
    ['anthropic', ['LLM_API_KEY', 'LLM_MODEL']],
    ['http', ['AI_HTTP_URL', 'AI_HTTP_SECRET']],
  ])('%s names what it lacks', (backend, missing) => {
    expect(problemsOf({ ...ONE_PORTAL, AI_BACKEND: backend })).toEqual(
      missing.map((name) => `${name} is missing: AI_BACKEND is ${backend}`),
    );
    expect(problemsOf({ ...ONE_PORTAL, AI_FALLBACK: backend })).toEqual(
      missing.map((name) => `${name} is missing: one of AI_FALLBACK is ${backend}`),
    );
  });

  it('are taken with what they need', () => {
    const baseUrl = 'http://localhost:11434/v1';
    expect(load({ AI_BACKEND: 'openai-compatible', LLM_BASE_URL: `${baseUrl}/`, LLM_MODEL: 'm' }).ai).toEqual({
      backend: 'openai-compatible',
      baseUrl,
      apiKey: null,
      model: 'm',
      knowledgeDir,
      files: ['text'],
      maxOutputTokens: 4_096,
      clarifyingQuestions: 1,
    });
    expect(load({ AI_BACKEND: 'anthropic', ...MODEL }).ai).toMatchObject({
      baseUrl: 'https://api.anthropic.com/v1',
      files: ['text', 'images'],
      maxOutputTokens: 4_096,
    });
    expect(load({ AI_BACKEND: 'anthropic', LLM_FILES: 'none', ...MODEL }).ai).toMatchObject({ files: [] });
    expect(load({ AI_BACKEND: 'anthropic', LLM_MAX_OUTPUT_TOKENS: '1000', ...MODEL }).ai).toMatchObject({
      maxOutputTokens: 1_000,
    });
    const http = { AI_HTTP_URL: 'https://ai.example.com/answer', AI_HTTP_SECRET: 'sixteen-or-more-letters' };
    expect(load({ AI_BACKEND: 'http', ...http }).ai).toMatchObject({ url: http.AI_HTTP_URL });
    for (const ai of [
      { AI_BACKEND: 'http', ...http },
      { AI_BACKEND: 'anthropic', ...MODEL },
    ]) {
      expect(load({ ...ai, CLARIFYING_QUESTIONS: '2' }).ai).toMatchObject({ clarifyingQuestions: 2 });
    }
  });

  it('stand in for each other in the order given, each once', () => {
    const { aiFallbacks } = load({ AI_BACKEND: 'anthropic', AI_FALLBACK: 'knowledge, anthropic,knowledge', ...MODEL });
    expect(aiFallbacks).toEqual([{ backend: 'knowledge', knowledgeDir, clarifyingQuestions: 1 }]);
    const both = { ...ONE_PORTAL, ...MODEL, LLM_BASE_URL: 'http://localhost', AI_BACKEND: 'anthropic' };
    expect(problemsOf({ ...both, AI_FALLBACK: 'openai-compatible' })).toEqual([
      'LLM_MODEL can name one model only: use either openai-compatible or anthropic in one process',
    ]);
  });

  it('may link where it is said', () => {
    expect(load({ REPLY_LINK_DOMAINS: 'Shop.example, münchen.example' }).linkDomains).toEqual([
      'shop.example',
      'xn--mnchen-3ya.example',
    ]);
    expect(load({ REPLY_LINK_DOMAINS: '*' }).linkDomains).toEqual(['*']);
    expect(problemsOf({ ...ONE_PORTAL, REPLY_LINK_DOMAINS: 'https://shop.example' })).toHaveLength(1);
  });
});

describe('what the AI costs', () => {
  it('is known by two prices, whoever answers', () => {
    expect(loadConfig({ ...ONE_PORTAL, ...PRICES }).aiPrices).toEqual({ input: 3, output: 0.15 });
  });

  it('is not known by one of them', () => {
    const { LLM_INPUT_PRICE, LLM_OUTPUT_PRICE } = PRICES;
    expect(problemsOf({ ...ONE_PORTAL, LLM_INPUT_PRICE })).toEqual([
      'LLM_OUTPUT_PRICE is missing: LLM_INPUT_PRICE is set',
    ]);
    expect(problemsOf({ ...ONE_PORTAL, LLM_OUTPUT_PRICE })).toEqual([
      'LLM_INPUT_PRICE is missing: LLM_OUTPUT_PRICE is set',
    ]);
  });

  it('has to be known where it has a limit', () => {
    expect(problemsOf({ ...ONE_PORTAL, AI_DAILY_BUDGET: '5' })).toEqual([
      'AI_DAILY_BUDGET needs LLM_INPUT_PRICE and LLM_OUTPUT_PRICE: without them nobody knows what is spent',
    ]);
    expect(problemsOf({ ...ONE_PORTAL, AI_DAILY_CEILING: '5' })).toEqual([
      'AI_DAILY_CEILING needs LLM_INPUT_PRICE and LLM_OUTPUT_PRICE: without them nobody knows what is spent',
    ]);
  });
});

describe('Traces', () => {
  const tracing = (environment: Record<string, string>) => loadConfig({ ...ONE_PORTAL, ...environment }).tracing;
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318/';
  const OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = 'https://traces.example.com/otlp';

  it('go to the path of traces below the endpoint, or to the whole URL that is given for them', () => {
    const all = { url: 'http://collector:4318/v1/traces', serviceName: 'threadkeeper', share: 1 };
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual(all);
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT })?.url).toBe(
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    );
    expect(tracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME: 'support' })?.serviceName).toBe('support');
  });

  it('are kept by a share where the sampler says so', () => {
    const share = { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(tracing({ ...share, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' })?.share).toBe(0.25);
    expect(tracing(share)?.share).toBe(1);
  });

  it('are off without a URL, and where they are disabled', () => {
    expect(tracing({ OTEL_SERVICE_NAME: 'support' })).toBeNull();
    expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SDK_DISABLED: 'true' })).toBeNull();
  });
});

describe('The version of the workers', () => {
  const VERSION = { WORKER_DEPLOYMENT_NAME: 'threadkeeper', WORKER_BUILD_ID: '1.4.0' };

  it('is a deployment and a build of it', () => {
    expect(loadConfig({ ...ONE_PORTAL, ...VERSION }).workerVersion).toEqual({
      deploymentName: 'threadkeeper',
      buildId: '1.4.0',
    });
  });

  it('is not known by one of them', () => {
    const { WORKER_DEPLOYMENT_NAME, WORKER_BUILD_ID } = VERSION;
    expect(problemsOf({ ...ONE_PORTAL, WORKER_DEPLOYMENT_NAME })).toEqual([
      'WORKER_BUILD_ID is missing: WORKER_DEPLOYMENT_NAME is set',
    ]);
    expect(problemsOf({ ...ONE_PORTAL, WORKER_BUILD_ID })).toEqual([
      'WORKER_DEPLOYMENT_NAME is missing: WORKER_BUILD_ID is set',
    ]);
  });
});

describe('PORTALS_FILE', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'threadkeeper-config-'));
    path = join(directory, 'portals.yaml');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const withFile = (yaml: string, environment: Record<string, string> = {}) => {
    writeFileSync(path, yaml);
    return { WEBHOOK_PUBLIC_URL: ONE_PORTAL.WEBHOOK_PUBLIC_URL, PORTALS_FILE: path, ...environment };
  };

  const TWO_PORTALS = `
portals:
  - portalId: 1
    accessToken: pat-one
    aiActorId: A-11
    aiContactFields: plan, city
    aiTicketFields: tracking
    instructionsFile: one/tone.md
  - portalId: '2'
    accessToken: pat-two
    aiActorId: 22
    clientSecret: own, own-next
    assistMode: true
    aiCommands: false
    ticketingEnabled: false
    unassignedThreads: claim
    emailDelay: 10s
`;

  it('gives each portal its credentials and settings, with the same defaults', () => {
    const { portals } = loadConfig(withFile(TWO_PORTALS, { HUBSPOT_CLIENT_SECRET: 'shared' }));
    expect(portals).toEqual([
      {
        accessToken: 'pat-one',
        aiFields: { contact: ['plan', 'city'], ticket: ['tracking'] },
        instructionsFile: resolve('one/tone.md'),
        settings: {
          portalId: '1',
          aiActorId: 'A-11',
          ...DEFAULT_SETTINGS,
        },
      },
      {
        accessToken: 'pat-two',
        aiFields: { contact: [], ticket: [] },
        settings: {
          portalId: '2',
          aiActorId: 'A-22',
          ...DEFAULT_SETTINGS,
          autonomy: { default: 'draft', channels: {} },
          aiCommands: false,
          ticketingEnabled: false,
          handoff: { ...DEFAULT_HANDOFF, tickets: false },
          unassignedThreads: 'claim',
          emailDelayMs: 10_000,
        },
      },
    ]);
  });

  it("lets a portal's own secrets speak for it alone, and the shared one for the others", () => {
    const { webhookSecrets } = loadConfig(withFile(TWO_PORTALS, { HUBSPOT_CLIENT_SECRET: 'shared' }));
    expect(webhookSecrets).toEqual([
      { secret: 'shared', portalIds: ['1'] },
      { secret: 'own', portalIds: ['2'] },
      { secret: 'own-next', portalIds: ['2'] },
    ]);
  });

  it('never hands a secret or token on with the settings, which go into the history of runs', () => {
    const { portals } = loadConfig(withFile(TWO_PORTALS, { HUBSPOT_CLIENT_SECRET: 'shared' }));
    const settings = JSON.stringify(portals.map((portal) => portal.settings));
    for (const secret of ['pat-one', 'pat-two', 'own', 'shared']) expect(settings).not.toContain(secret);
  });

  it('may give a portal a budget, once the prices are known', () => {
    const file = withFile(`${TWO_PORTALS}    aiDailyBudget: 0.5\n`, { HUBSPOT_CLIENT_SECRET: 'shared' });
    expect(problemsOf(file)).toEqual([
      'aiDailyBudget of PORTALS_FILE needs LLM_INPUT_PRICE and LLM_OUTPUT_PRICE: without them nobody knows ' +
        'what is spent',
    ]);
    const budgets = loadConfig({ ...file, ...PRICES }).portals.map(({ settings }) => settings.aiDailyBudgetMillionths);
    expect(budgets).toEqual([undefined, 500_000]);
  });

  it('wants a secret for every portal', () => {
    expect(problemsOf(withFile(TWO_PORTALS))).toEqual([
      `PORTALS_FILE ${path}: portal 1 has no clientSecret, and HUBSPOT_CLIENT_SECRET is not set`,
    ]);
  });

  it('refuses settings of the one portal beside it, which would else be ignored in silence', () => {
    const environment = { HUBSPOT_CLIENT_SECRET: 'shared', HUBSPOT_PORTAL_ID: '1', ASSIST_MODE: 'true' };
    expect(problemsOf(withFile(TWO_PORTALS, environment))).toEqual([
      'HUBSPOT_PORTAL_ID has no effect beside PORTALS_FILE: set it there, for each portal',
      'ASSIST_MODE has no effect beside PORTALS_FILE: set it there, for each portal',
    ]);
  });

  it('refuses a portal that is listed twice', () => {
    const twice = `portals:\n${'  - {portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s}\n'.repeat(2)}`;
    expect(problemsOf(withFile(twice))).toEqual([`PORTALS_FILE ${path}: portal 1 is listed twice`]);
  });

  const withSignatures = (signatures: unknown) =>
    withFile(
      'portals: [{portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, signatures: ' +
        `${JSON.stringify(signatures)}}]`,
    );

  it('takes a signature for each domain', () => {
    const { portals } = loadConfig(withSignatures({ 'Help.Example.com': ' a\nb\n', '*.example.com': 'c', '*': 'd' }));
    expect(portals[0]?.settings.signatures).toEqual({ 'help.example.com': 'a\nb', '*.example.com': 'c', '*': 'd' });
  });

  it.each([
    ['a text', 'Kind regards', 'signatures must be signatures by domain'],
    ['an address', { 'help@example.com': 'a' }, 'must be a domain, such as support.example.com, *.example.com or *'],
    ['an empty signature', { '*': ' ' }, 'signatures.* is empty: the text below mails from there'],
    ['a number', { '*': 1 }, 'signatures.* must be the text below mails from there'],
  ])('refuses %s for signatures', (_, signatures, message) => {
    const problems = problemsOf(withSignatures(signatures));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(message);
  });

  it('takes business hours of a portal as a text or a list, with its holidays', () => {
    const hoursOf = (handoff: string) =>
      loadConfig(
        withFile(`portals: [{portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, handoff: ${handoff}}]`),
      ).portals[0]?.settings.handoff;
    const week = [[], [[540, 1020]], [], [], [], [], [[600, 840]]];
    const holidays = [
      ['2026-12-31', '2026-12-31'],
      ['12-24', '01-01'],
    ];
    expect(
      hoursOf('{businessHours: [mon 09:00-17:00, sat 10:00-14:00], holidays: [2026-12-31, 12-24..01-01]}'),
    ).toMatchObject({
      hours: { week, holidays },
      outOfHours: 'now',
      closedMessages: { '*': expect.stringContaining('{opening}') },
    });
    const text = "{businessHours: 'mon 09:00-17:00, sat 10:00-14:00', outOfHours: stay, outOfHoursMessage: none}";
    expect(hoursOf(text)).toMatchObject({ hours: { week, holidays: [] }, outOfHours: 'stay', closedMessages: {} });
    expect(hoursOf('{}')).not.toHaveProperty('hours');
  });

  it('takes what becomes of a handoff together, and what the customer is told by language', () => {
    const file = `
portals:
  - portalId: 1
    accessToken: a
    aiActorId: A-1
    clientSecret: s
    handoff:
      tickets: true
      pipeline: 0
      properties: {plan: customer_plan}
      assignTo: [A-1, 'language=de:A-2']
      message: {de: Moment, '*': One moment}
      pickUp: 1h
`;
    expect(loadConfig(withFile(file)).portals[0]?.settings.handoff).toEqual({
      ...DEFAULT_HANDOFF,
      pipeline: '0',
      properties: { plan: 'customer_plan' },
      assignTo: [
        { when: null, to: 'A-1' },
        { when: { by: 'language', is: 'de' }, to: 'A-2' },
      ],
      messages: { de: 'Moment', '*': 'One moment' },
      pickUpMs: 3_600_000,
    });
  });

  it('takes a level of autonomy for all channels, or by channel', () => {
    const file = `
portals:
  - {portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, autonomy: approve}
  - {portalId: 2, accessToken: a, aiActorId: A-1, clientSecret: s, autonomy: {default: shadow, live chat: draft}}
  - {portalId: 3, accessToken: a, aiActorId: A-1, clientSecret: s, autonomy: {email: 'off'}, assistMode: true}
`;
    expect(loadConfig(withFile(file)).portals.map(({ settings }) => settings.autonomy)).toEqual([
      { default: 'approve', channels: {} },
      { default: 'shadow', channels: { 'live chat': 'draft' } },
      { default: 'draft', channels: { email: 'off' } },
    ]);
  });

  it.each([
    ['full', 'autonomy must be off, shadow, draft, approve or auto'],
    ['{live chat: 1}', 'autonomy.live chat must be off, shadow, draft, approve or auto'],
    ['[auto]', 'autonomy must be off, shadow, draft, approve or auto, or levels by channel'],
  ])('refuses %s for autonomy', (said, message) => {
    const file = `portals: [{portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, autonomy: ${said}}]`;
    expect(problemsOf(withFile(file))).toEqual([`PORTALS_FILE ${path}: portals.0.${message}`]);
  });

  it('takes what answers need for all channels, or by channel', () => {
    const file = `
portals:
  - {portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, minConfidence: 0.7, requireSources: true}
  - {portalId: 2, accessToken: a, aiActorId: A-1, clientSecret: s, minConfidence: {email: 1}, lowConfidence: draft}
  - {portalId: 3, accessToken: a, aiActorId: A-1, clientSecret: s, requireSources: {default: true, live chat: false}}
`;
    expect(loadConfig(withFile(file)).portals.map(({ settings }) => settings.sureness)).toEqual([
      { minConfidence: { default: 0.7 }, needsSources: { default: true }, otherwise: 'handoff' },
      { minConfidence: { default: 0.5, email: 1 }, needsSources: { default: false }, otherwise: 'draft' },
      { minConfidence: { default: 0.5 }, needsSources: { default: true, 'live chat': false }, otherwise: 'handoff' },
    ]);
  });

  it.each([
    ['minConfidence: 7', 'minConfidence must be a number from 0 to 1, such as 0.7'],
    ['minConfidence: {email: high}', 'minConfidence.email must be a number from 0 to 1, such as 0.7'],
    ['minConfidence: [0.5]', 'minConfidence must be a number from 0 to 1, such as 0.7, or numbers by channel'],
    ['requireSources: sometimes', 'requireSources must be true or false'],
    ['lowConfidence: skip', 'lowConfidence must be handoff, draft or approve'],
  ])('refuses %s', (said, message) => {
    const file = `portals: [{portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, ${said}}]`;
    expect(problemsOf(withFile(file))).toEqual([`PORTALS_FILE ${path}: portals.0.${message}`]);
  });

  it.each([
    ['0', 0],
    ["'1500ms'", 1500],
  ])('takes %s for a duration', (said, ms) => {
    const file = `portals: [{portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s, emailDelay: ${said}}]`;
    expect(loadConfig(withFile(file)).portals[0]?.settings.emailDelayMs).toBe(ms);
  });

  it.each([
    ['1500', 'has no unit: write 1500s or 1500ms'],
    ["'1500'", 'has no unit: write 1500s or 1500ms'],
    ['1e3', 'has no unit: write 1000s or 1000ms'],
    ['-5', 'must be a duration between 0s and 1h, such as 5s'],
    ['.inf', 'must be a duration between 0s and 1h, such as 5s'],
    ['true', 'must be a duration between 0s and 1h, such as 5s'],
    ['5 seconds', 'must be one number and one unit (ms, s, m, h or d) without a space: write 5s'],
  ])('refuses %s for a duration, in a handoff too', (said, message) => {
    const handoff = `handoff: {pickUp: ${said}}`;
    const known = 'portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s';
    const file = `portals: [{${known}, emailDelay: ${said}, ${handoff}}]`;
    const [ofHandoff, ofDelay, ...others] = problemsOf(withFile(file));
    expect(ofDelay).toBe(`PORTALS_FILE ${path}: portals.0.emailDelay ${message}`);
    expect(ofHandoff).toMatch(/portals\.0\.handoff\.pickUp (has no unit: write|must be)/);
    expect(others).toEqual([]);
  });

  it('names every wrong field of every portal, beside what is wrong in the environment', () => {
    const file = `
portals:
  - {portalId: x, accessToken: a, aiActorId: A-1, clientSecret: s}
  - {portalId: 2, aiActorId: someone, assistMode: 'yes', emailDelay: soon, unassignedThreads: no, colour: red}
`;
    expect(problemsOf(withFile(file, { PORT: 'x' }))).toEqual([
      'PORT must be a port number, 0 to 65535',
      `PORTALS_FILE ${path}: portals.0.portalId portalId must be digits, as a number or a string`,
      `PORTALS_FILE ${path}: portals.1.accessToken is missing: the app's access token (pat-…)`,
      `PORTALS_FILE ${path}: portals.1.aiActorId must be the AI user of the inbox, such as A-12345`,
      `PORTALS_FILE ${path}: portals.1.assistMode must be true or false`,
      `PORTALS_FILE ${path}: portals.1.unassignedThreads must be skip or claim`,
      `PORTALS_FILE ${path}: portals.1.emailDelay must be a duration between 0s and 1h, such as 5s`,
      `PORTALS_FILE ${path}: portals.1 has no field "colour"`,
    ]);
  });

  it.each([
    ['an empty file', '', 'must hold a list named portals'],
    ['a list alone', '- 1', 'must hold a list named portals'],
    ['no list', 'portals: 3', 'portals must be a list of portals'],
    ['an empty list', 'portals: []', 'portals lists no portal'],
  ])('refuses %s', (_what, yaml, message) => {
    expect(problemsOf(withFile(yaml))).toEqual([`PORTALS_FILE ${path}: ${message}`]);
  });

  it('says in one line why a file is not YAML', () => {
    const problems = problemsOf(withFile('portals: [\n'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^PORTALS_FILE .*portals\.yaml can't be read: [^\n]+$/);
  });

  it('says in one line that a file is not there', () => {
    expect(problemsOf({ ...withFile(''), PORTALS_FILE: join(directory, 'none.yaml') })[0]).toMatch(
      /none\.yaml can't be read: ENOENT[^\n]*$/,
    );
  });
});

describe('an app that portals install', () => {
  const KEY = `key:${Buffer.alloc(32, 7).toString('base64')}`;
  const APP = {
    WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
    HUBSPOT_CLIENT_ID: 'client-id',
    HUBSPOT_CLIENT_SECRET: 'new,old',
    TOKEN_KEYS: KEY,
  };

  it('needs no portal of its own, and takes what the environment says for every one', () => {
    const { portals, oauth, webhookSecrets } = loadConfig({ ...APP, EMAIL_DELAY: '1s' });
    expect(portals).toEqual([]);
    expect(webhookSecrets).toEqual([
      { secret: 'new', portalIds: null },
      { secret: 'old', portalIds: null },
    ]);
    expect(oauth).toMatchObject({
      app: { clientId: 'client-id', clientSecret: 'new', redirectUrl: 'https://example.com/oauth/callback' },
      tokenKeys: [{ id: 'key' }],
      allowed: { first: 1 },
      aiActorId: undefined,
      portalDefaults: { ...DEFAULT_SETTINGS, emailDelayMs: 1000, ticketingEnabled: true },
    });
  });

  it('may have one beside, whole', () => {
    const beside = { ...APP, HUBSPOT_PORTAL_ID: '62515', HUBSPOT_AI_ACTOR_ID: '12345' };
    expect(loadConfig({ ...beside, HUBSPOT_ACCESS_TOKEN: 'pat' })).toMatchObject({
      portals: [{ settings: { portalId: '62515' } }],
      oauth: { aiActorId: 'A-12345' },
    });
    expect(problemsOf(beside)).toEqual(["HUBSPOT_ACCESS_TOKEN is missing: the app's access token (pat-…)"]);
  });

  it.each([
    ['first:3', { first: 3 }],
    ['first:1000', { first: 1000 }],
    ['62515', { portalIds: ['62515'] }],
    [' 62515, 98 ,', { portalIds: ['62515', '98'] }],
  ])('may be installed by the portals that OAUTH_PORTALS names: %s', (OAUTH_PORTALS, allowed) => {
    expect(loadConfig({ ...APP, OAUTH_PORTALS }).oauth).toMatchObject({ allowed });
  });

  it.each(['first:0', 'first:1001', 'first:', 'first:-1', 'all', '*', '62515 98', '62515,x', '0', ',', 'First:1'])(
    'is not started with %s as OAUTH_PORTALS',
    (OAUTH_PORTALS) => {
      expect(problemsOf({ ...APP, OAUTH_PORTALS })).toEqual([
        'OAUTH_PORTALS must be first:N, N from 1 to 1000, or portal ids, comma-separated',
      ]);
    },
  );

  it('takes a redirect URL and several keys', () => {
    const HUBSPOT_REDIRECT_URL = 'https://other.example.com/tk/oauth/callback';
    const TOKEN_KEYS = `${KEY}, old:${Buffer.alloc(32, 8).toString('base64')}`;
    expect(loadConfig({ ...APP, HUBSPOT_REDIRECT_URL, TOKEN_KEYS }).oauth).toMatchObject({
      app: { redirectUrl: HUBSPOT_REDIRECT_URL },
      tokenKeys: [{ id: 'key' }, { id: 'old' }],
    });
  });

  it.each([
    ['TOKEN_KEYS', undefined, 'is missing: it seals the tokens of portals that install the app (HUBSPOT_CLIENT_ID)'],
    [
      'TOKEN_KEYS',
      'key:c2hvcnQ=',
      'must be id:base64 of 32 bytes, comma-separated, no id twice, as npm run keys prints them',
    ],
    [
      'TOKEN_KEYS',
      `${KEY},${KEY}`,
      'must be id:base64 of 32 bytes, comma-separated, no id twice, as npm run keys prints them',
    ],
    ['HUBSPOT_REDIRECT_URL', 'https://example.com/elsewhere', 'must end in /oauth/callback'],
    [
      'HUBSPOT_CLIENT_SECRET',
      undefined,
      "is missing: the app's client secret, which signs the webhooks (two, comma-separated, while you replace it)",
    ],
  ])('%s as %s is a problem', (name, value, problem) => {
    expect(problemsOf({ ...APP, [name]: value })).toEqual([`${name} ${problem}`]);
  });
});

describe('loadQueueSettings', () => {
  it('needs nothing else, and reads the three as loadConfig does', () => {
    expect(loadQueueSettings({ TEMPORAL_TASK_QUEUE: ' ' })).toEqual({
      taskQueue: 'threadkeeper',
      hubspotCallsPerSecond: 19,
      hubspotActivitiesPerSecond: 12,
    });
    const rates = { HUBSPOT_CALLS_PER_SECOND: '10', HUBSPOT_ACTIVITIES_PER_SECOND: '8' };
    const set = { TEMPORAL_TASK_QUEUE: 'mine', ...rates };
    const read = { taskQueue: 'mine', hubspotCallsPerSecond: 10, hubspotActivitiesPerSecond: 8 };
    expect(loadQueueSettings(set)).toEqual(read);
    expect(loadConfig({ ...ONE_PORTAL, ...set })).toMatchObject(loadQueueSettings(set));
  });

  it('names every wrong one', () => {
    const wrong = { TEMPORAL_TASK_QUEUE: 'a b', HUBSPOT_ACTIVITIES_PER_SECOND: 'many' };
    expect(() => loadQueueSettings(wrong)).toThrow(ConfigError);
    expect(() => loadQueueSettings(wrong)).toThrow(
      /TEMPORAL_TASK_QUEUE must be .*\n.*HUBSPOT_ACTIVITIES_PER_SECOND must be/,
    );
  });
});

describe('the rates of HubSpot', () => {
  it.each([
    [{}, { calls: 19, activities: 12, bulk: 7 }],
    [{ HUBSPOT_CALLS_PER_SECOND: '10' }, { calls: 10, activities: 6, bulk: 4 }],
    [{ HUBSPOT_CALLS_PER_SECOND: '1' }, { calls: 1, activities: 1, bulk: 1 }],
    [{ HUBSPOT_CALLS_PER_SECOND: '0' }, { calls: 0, activities: 0, bulk: 0 }],
    // As it was before calls were counted.
    [{ HUBSPOT_ACTIVITIES_PER_SECOND: '0' }, { calls: 0, activities: 0, bulk: 0 }],
    [{ HUBSPOT_ACTIVITIES_PER_SECOND: '6' }, { calls: 19, activities: 6, bulk: 6 }],
    [
      { HUBSPOT_CALLS_PER_SECOND: '10', HUBSPOT_ACTIVITIES_PER_SECOND: '0' },
      { calls: 10, activities: 0, bulk: 0 },
    ],
    [
      { HUBSPOT_CALLS_PER_SECOND: '0', HUBSPOT_ACTIVITIES_PER_SECOND: '6' },
      { calls: 0, activities: 6, bulk: 6 },
    ],
  ])('%j', (set, { calls, activities, bulk }) => {
    expect(loadConfig({ ...ONE_PORTAL, ...set })).toMatchObject({
      hubspotCallsPerSecond: calls,
      hubspotActivitiesPerSecond: activities,
      bulkRunsPerSecond: bulk,
    });
  });

  it('say what is wrong', () => {
    for (const wrong of ['-1', '1.5', 'many', '1001'])
      expect(problemsOf({ ...ONE_PORTAL, HUBSPOT_CALLS_PER_SECOND: wrong })).toEqual([
        expect.stringMatching(/HUBSPOT_CALLS_PER_SECOND must be a whole number from 0 to 1000/),
      ]);
  });
});

describe('SESSION_RETENTION', () => {
  it.each([
    ['0s', 0],
    ['1d', 86_400_000],
    ['90d', 7_776_000_000],
  ])('reads %s', (SESSION_RETENTION, sessionRetentionMs) => {
    expect(loadConfig({ ...ONE_PORTAL, SESSION_RETENTION })).toMatchObject({ sessionRetentionMs });
  });

  it.each(['12h', '1ms', '4000d', 'for ever'])('refuses %s', (SESSION_RETENTION) => {
    expect(problemsOf({ ...ONE_PORTAL, SESSION_RETENTION })).toEqual([
      expect.stringMatching(/^SESSION_RETENTION must/),
    ]);
  });
});

describe('PAYLOAD_KEYS and the codec server', () => {
  const KEY = `2026-01-31:${'A'.repeat(43)}=`;
  const OTHER = `b:${'B'.repeat(42)}A=`;

  it('reads keys in their order', () => {
    const { payloadKeys } = loadConfig({ ...ONE_PORTAL, PAYLOAD_KEYS: `${KEY}, ${OTHER}` });
    expect(payloadKeys.map(({ id }) => id)).toEqual(['2026-01-31', 'b']);
  });

  it('may be required, and then have to be there', () => {
    const required = { ...ONE_PORTAL, PAYLOAD_ENCRYPTION: 'required' };
    expect(loadConfig({ ...required, PAYLOAD_KEYS: KEY }).encryption).toEqual({ required: true });
    for (const PAYLOAD_KEYS of [undefined, '', ' , ']) {
      expect(problemsOf({ ...required, PAYLOAD_KEYS, PORT: 'x' })).toEqual([
        'PORT must be a port number, 0 to 65535',
        'PAYLOAD_KEYS is missing: PAYLOAD_ENCRYPTION is required (npm run keys prints a key)',
      ]);
    }
    expect(problemsOf({ ...required, PAYLOAD_KEYS: 'secret' })).toHaveLength(1);
  });

  it.each(['secret', `a:${'A'.repeat(40)}`, `${KEY},${KEY}`])('refuses %s, and does not repeat it', (PAYLOAD_KEYS) => {
    const problems = problemsOf({ ...ONE_PORTAL, PAYLOAD_KEYS });
    expect(problems).toEqual([expect.stringMatching(/^PAYLOAD_KEYS must be id:base64 of 32 bytes/)]);
    expect(problems.join()).not.toContain(PAYLOAD_KEYS);
  });

  it('needs nothing but the keys on the loopback address', () => {
    expect(loadCodecServerSettings({ PAYLOAD_KEYS: KEY })).toMatchObject({
      host: '127.0.0.1',
      port: 8081,
      token: undefined,
      uiOrigins: ['http://localhost:8233', 'http://127.0.0.1:8233'],
    });
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com'])('wants a token on %s', (CODEC_SERVER_HOST) => {
    const open = { PAYLOAD_KEYS: KEY, CODEC_SERVER_HOST };
    expect(() => loadCodecServerSettings(open)).toThrow(/CODEC_SERVER_TOKEN is missing/);
    const CODEC_SERVER_TOKEN = 'sixteen-characters';
    expect(loadCodecServerSettings({ ...open, CODEC_SERVER_TOKEN })).toMatchObject({ token: CODEC_SERVER_TOKEN });
  });

  it.each([
    [{}, /PAYLOAD_KEYS is missing/],
    [{ CODEC_SERVER_TOKEN: 'short' }, /CODEC_SERVER_TOKEN must have at least 16/],
    [{ CODEC_SERVER_PORT: 'x' }, /CODEC_SERVER_PORT must be/],
    [{ CODEC_SERVER_HOST: 'a b' }, /CODEC_SERVER_HOST must be/],
    [{ CODEC_SERVER_UI_ORIGIN: 'https://temporal.example.com/ui' }, /CODEC_SERVER_UI_ORIGIN.* must be origins/],
  ])('refuses %j', (environment, problem) => {
    expect(() => loadCodecServerSettings(environment)).toThrow(problem);
  });
});
