import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, SETTINGS } from '../../src/config.ts';

const ONE_PORTAL = {
  WEBHOOK_PUBLIC_URL: 'https://example.com/webhooks/hubspot',
  HUBSPOT_PORTAL_ID: '62515',
  HUBSPOT_ACCESS_TOKEN: 'pat-token',
  HUBSPOT_CLIENT_SECRET: 'client-secret',
  HUBSPOT_AI_ACTOR_ID: 'A-12345',
};

const warnings = (environment: Record<string, string>) => loadConfig({ ...ONE_PORTAL, ...environment }).warnings;

describe('a variable that is nearly a setting', () => {
  it.each([
    ['EMAIL_DELLAY', 'EMAIL_DELAY'],
    ['EMAIL_DELY', 'EMAIL_DELAY'],
    ['EMIAL_DELAY', 'EMAIL_DELAY'],
    ['EMAILDELAY', 'EMAIL_DELAY'],
    ['E_MAIL_DELAY', 'EMAIL_DELAY'],
    ['email_delay', 'EMAIL_DELAY'],
    ['emailDelay', 'EMAIL_DELAY'],
    ['Email-Delay', 'EMAIL_DELAY'],
    ['HUBSPOT_ACESS_TOKEN', 'HUBSPOT_ACCESS_TOKEN'],
    ['HUBPSOT_ACESS_TOKEN', 'HUBSPOT_ACCESS_TOKEN'],
    ['AUTONOMI', 'AUTONOMY'],
    ['LLM_MODELL', 'LLM_MODEL'],
    ['PAYLOAD_KEY', 'PAYLOAD_KEYS'],
    ['UNASIGNED_THREADS', 'UNASSIGNED_THREADS'],
    ['PORTAL_FILE', 'PORTALS_FILE'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['TEMPORAL_ADRESS', 'TEMPORAL_ADDRESS'],
    ['TEMPORAL_NAMESPACES', 'TEMPORAL_NAMESPACE'],
  ])('%s is named, and %s as the right one', (wrong, right) => {
    expect(warnings({ [wrong]: 'a-value' })).toEqual([
      { setting: wrong, message: `${wrong} is no setting and has no effect: did you mean ${right}?` },
    ]);
  });

  it('is known for every setting with a letter too much, missing or swapped in its longest word', () => {
    for (const right of SETTINGS.filter((name) => !['PORT', 'XDG_CACHE_HOME'].includes(name))) {
      const word = right.split('_').reduce((longest, other) => (other.length > longest.length ? other : longest));
      if (word.length < 5) continue;
      const [, a = '', b = ''] = word;
      const slips = [
        `${word}X`,
        word.slice(1),
        word.replace(`${a}${b}`, `${b}${a}`),
        `${a === 'Q' ? 'X' : 'Q'}${word.slice(1)}`,
      ];
      for (const slip of slips.filter((slip) => slip !== word)) {
        const wrong = right.replace(word, slip);
        if (SETTINGS.includes(wrong)) continue;
        expect(warnings({ [wrong]: '1' }).map(({ message }) => message)).toEqual([
          `${wrong} is no setting and has no effect: did you mean ${right}?`,
        ]);
      }
    }
  });

  it('is named beside what is missing for it', () => {
    const { HUBSPOT_ACCESS_TOKEN: token, ...rest } = ONE_PORTAL;
    expect(() => loadConfig({ ...rest, HUBSPOT_ACESS_TOKEN: token })).toThrow(
      "  HUBSPOT_ACCESS_TOKEN is missing: the app's access token (pat-…)\n" +
        'Beside that:\n' +
        '  HUBSPOT_ACESS_TOKEN is no setting and has no effect: did you mean HUBSPOT_ACCESS_TOKEN?\n' +
        'See .env.example',
    );
  });
});

// Of shells, containers, Kubernetes, CI, Node, databases, clouds, other AI and HubSpot tools, Temporal and
// OpenTelemetry.
const OTHERS = `HOSTNAME HOME PATH PWD OLDPWD SHELL SHLVL TERM USER LOGNAME LANG LC_ALL TZ MAIL EDITOR PAGER HOST PORTS
  COLORTERM DISPLAY TMPDIR TEMP SSH_AUTH_SOCK XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_DATA_HOME XDG_DATA_DIRS XDG_STATE_HOME
  NODE_ENV NODE_OPTIONS NODE_VERSION NODE_PATH NODE_EXTRA_CA_CERTS NVM_DIR npm_config_cache npm_package_name
  npm_lifecycle_event npm_config_loglevel NPM_TOKEN YARN_VERSION INIT_CWD CI GITHUB_TOKEN GITHUB_ACTIONS RUNNER_TEMP
  HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy ALL_PROXY DEBUG PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE
  POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB POSTGRES_SEEDS DATABASE_HOST DATABASE_USER DATABASE_NAME DATABASE_PORT
  DATABASE_PASSWORD MYSQL_URL REDIS_URL KUBERNETES_SERVICE_HOST KUBERNETES_PORT KUBERNETES_PORT_443_TCP
  TEMPORAL_PORT_7233_TCP_ADDR TEMPORAL_SERVICE_HOST TEMPORAL_PORT THREADKEEPER_SERVICE_HOST THREADKEEPER_PORT
  AWS_TOKEN AWS_REGION AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN GH_TOKEN OPENAI_API_KEY OPENAI_API_URL OPENAI_BASE_URL
  OPENAI_MODEL ANTHROPIC_API_KEY ANTHROPIC_BASE_URL GEMINI_API_KEY HUBSPOT_API_KEY HUBSPOT_DEVELOPER_ID
  TEMPORAL_NAMESPACE TEMPORAL_API_KEY TEMPORAL_TLS TEMPORAL_TLS_CLIENT_CERT_PATH TEMPORAL_TLS_CLIENT_KEY_PATH
  TEMPORAL_TLS_CLIENT_CERT_DATA TEMPORAL_TLS_CLIENT_KEY_DATA TEMPORAL_TLS_SERVER_NAME TEMPORAL_CODEC_ENDPOINT
  TEMPORAL_CODEC_AUTH TEMPORAL_GRPC_META_X_TENANT TEMPORAL_CLI_ADDRESS TEMPORAL_ENV TEMPORAL_UI_PORT TEMPORAL_CORS_ORIGINS
  TEMPORAL_CLI_SHOW_STACKS TEMPORAL_BROADCAST_ADDRESS OTEL_EXPORTER_OTLP_HEADERS OTEL_EXPORTER_OTLP_TRACES_HEADERS
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL OTEL_EXPORTER_OTLP_METRICS_ENDPOINT OTEL_EXPORTER_OTLP_LOGS_ENDPOINT
  OTEL_EXPORTER_OTLP_TIMEOUT OTEL_RESOURCE_ATTRIBUTES OTEL_TRACES_EXPORTER OTEL_METRICS_EXPORTER OTEL_LOG_LEVEL
  OTEL_PROPAGATORS LOG_FORMAT LOG_FILE EMAIL_FROM EMAIL_HOST EMAIL_PORT TEST_DATABASE_URL TEST_PAYLOAD_KEYS
  JEST_WORKER_ID WORKER_ID BUILD_ID SENTRY_DSN`.split(/\s+/);

it('names nothing that belongs to another program', () => {
  expect(warnings(Object.fromEntries(OTHERS.map((name) => [name, 'localhost:7233'])))).toEqual([]);
});

it('names nothing that is empty, which counts as absent', () => {
  expect(warnings({ EMAIL_DELLAY: ' ' })).toEqual([]);
});

it('a field that PORTALS_FILE doesn’t know is refused, with the right name where it is surely meant', () => {
  const directory = mkdtempSync(join(tmpdir(), 'threadkeeper-misspelt-'));
  const path = join(directory, 'portals.yaml');
  try {
    const portal = 'portalId: 1, accessToken: a, aiActorId: A-1, clientSecret: s';
    writeFileSync(path, `portals: [{${portal}, emailDellay: 5s, colour: red, handoff: {pickup: 1h}}]`);
    const { WEBHOOK_PUBLIC_URL } = ONE_PORTAL;
    expect(() => loadConfig({ WEBHOOK_PUBLIC_URL, PORTALS_FILE: path })).toThrow(
      `  PORTALS_FILE ${path}: portals.0.handoff has no field "pickup" (did you mean pickUp?)\n` +
        `  PORTALS_FILE ${path}: portals.0 has no field "emailDellay" (did you mean emailDelay?), "colour"\n`,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
