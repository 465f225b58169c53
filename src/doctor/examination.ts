import pMap from 'p-map';
import { type Config, ConfigError, type Warning } from '../config.ts';
import { createHubSpotClient } from '../hubspot/client.ts';
import { createCrmClient } from '../hubspot/crm.ts';
import { plainSettings, type TemporalSettings } from '../temporal/envconfig.ts';
import { aiCheck, aisOf } from './ai.ts';
import { costChecks } from './ai-cost.ts';
import { withCustomers } from './customers.ts';
import { databaseCheck } from './database.ts';
import { type Check, examine, type Finding, notChecked } from './finding.ts';
import { checkHandoffs } from './handoffs.ts';
import { checkInstallations } from './installations.ts';
import { instructionChecks } from './instructions.ts';
import { checkSources } from './knowledge.ts';
import { checkNotifications } from './notify.ts';
import { payloadsCheck } from './payloads.ts';
import { checkPortal, IN_ENVIRONMENT, IN_PORTALS_FILE } from './portal.ts';
import { sendersCheck } from './senders.ts';
import { surenessChecks } from './sureness.ts';
import { checkTemporal } from './temporal.ts';
import { checkTools } from './tools.ts';
import { addressCheck, signatureCheck } from './webhook.ts';
import { selfTest } from './webhook-self-test.ts';

/** A call may take so much of a check's time, so that what went wrong is said in its own words. */
const CALL_SHARE = 0.8;
/** This many portals, or webhook secrets, are checked together. */
const CONCURRENCY = 5;

export interface ExaminationOptions {
  /** @throws {ConfigError} */
  readConfig: () => Config;
  /** @throws {TemporalSettingsError} */
  readTemporal: () => TemporalSettings;
  /** Bounds one check, in ms; 5 s unless given. */
  deadlineMs?: number;
  /** Where `npm start` runs its own Temporal server; `host:port`. */
  embeddedAddress?: string;
  /** Sends one notification, as a test, wherever a portal notifies. */
  sendsNotification?: boolean;
  /** Milliseconds since the epoch. */
  clock?: () => number;
}

type Attempt<T> = { failed: false; value: T } | { failed: true; error: Error };

const attempt = <T>(read: () => T): Attempt<T> => {
  try {
    return { failed: false, value: read() };
  } catch (error) {
    return { failed: true, error: error as Error };
  }
};

const IN_ENVIRONMENT_FILE = 'Correct it in the environment or .env. docs/configuration.md describes every setting.';

const settingsWarnings = (warnings: readonly Warning[]): Finding[] =>
  warnings.map(({ message }) => ({ check: 'settings', level: 'warning', message, remedy: IN_ENVIRONMENT_FILE }));

const settingsProblems = (error: Error): Finding[] => {
  if (!(error instanceof ConfigError)) throw error;
  const problems = error.problems.map(
    (message): Finding => ({ check: 'settings', level: 'problem', message, remedy: IN_ENVIRONMENT_FILE }),
  );
  return [...problems, ...settingsWarnings(error.warnings)];
};

const webhookFindings = async (config: Config, options: { deadlineMs: number; clock: () => number }) => {
  const { deadlineMs, clock } = options;
  const address = await examine(addressCheck(config.webhookPublicUrl), deadlineMs);
  const signature = await examine(signatureCheck(config.allowSignatureV1), deadlineMs);
  if (address.level === 'problem') {
    return [address, signature, ...notChecked(['webhook self-test'], 'the address comes first')];
  }
  const secrets = [...new Set(config.webhookSecrets.map(({ secret }) => secret))];
  const tests = secrets.map(
    (secret, index): Check =>
      selfTest({
        publicUrl: config.webhookPublicUrl,
        secret,
        which: secrets.length === 1 ? '' : `, secret ${index + 1} of ${secrets.length}`,
        timeoutMs: deadlineMs * CALL_SHARE,
        clock,
      }),
  );
  const tested = await pMap(tests, (test) => examine(test, deadlineMs), { concurrency: CONCURRENCY });
  return [address, signature, ...tested];
};

const portalFindings = async (config: Config, deadlineMs: number): Promise<Finding[]> => {
  // Only in the file does a secret speak for some portals and not for others.
  const names = config.webhookSecrets.some(({ portalIds }) => portalIds !== null) ? IN_PORTALS_FILE : IN_ENVIRONMENT;
  const perPortal = await pMap(
    config.portals,
    async ({ settings, accessToken, aiFields, escalation }) => {
      const { portalId, handoff, timeZone } = settings;
      const http = {
        apiUrl: config.hubspotApiUrl,
        apiVersion: config.hubspotApiVersion,
        accessToken,
        timeoutMs: deadlineMs * CALL_SHARE,
      };
      const client = createHubSpotClient({ portalId, ...http });
      const findings = await checkPortal({ settings, aiFields, escalation, client, names, deadlineMs });
      const assignedByRules = escalation?.rules.flatMap(({ assignTo }) => assignTo ?? []) ?? [];
      // Without a good token there is nothing to be found out.
      if (findings[0]?.level !== 'ok') return findings;
      return [
        ...findings,
        await examine(sendersCheck(settings, client), deadlineMs),
        ...(await checkHandoffs({
          portalId,
          handoff,
          timeZone,
          assignedByRules,
          client,
          crm: createCrmClient(http),
          deadlineMs,
        })),
      ];
    },
    { concurrency: CONCURRENCY },
  );
  return perPortal.flat();
};

const examineAll = async ({
  readConfig,
  readTemporal,
  deadlineMs = 5_000,
  embeddedAddress = '127.0.0.1:7233',
  sendsNotification = false,
  clock = Date.now,
}: ExaminationOptions): Promise<Finding[]> => {
  const temporal = attempt(readTemporal);
  const temporalFailure: Finding[] = temporal.failed
    ? [{ check: 'temporal settings', level: 'problem', message: temporal.error.message }]
    : [];
  const read = attempt(readConfig);
  if (read.failed) {
    const rest = ['temporal', 'database', 'ai', 'portals', 'webhook'];
    return [...settingsProblems(read.error), ...temporalFailure, ...notChecked(rest, 'the settings come first')];
  }
  const config = read.value;

  const server = config.temporalConfigured ? temporal : attempt(() => plainSettings(embeddedAddress));
  const checkServer = async (): Promise<Finding[]> => {
    if (server.failed) return notChecked(['temporal', 'payloads'], 'its settings come first');
    const { taskQueue, payloadKeys, encryption, temporalConfigured, temporalUiUrl: uiUrl } = config;
    const { hubspotCallsPerSecond, hubspotActivitiesPerSecond } = config;
    const rates = { hubspotCallsPerSecond, hubspotActivitiesPerSecond };
    const queue = { taskQueue, ...rates, payloadKeys, encryption, uiUrl, deadlineMs };
    const found = await checkTemporal({ settings: server.value, embedded: !temporalConfigured, ...queue });
    return [...found, await examine(payloadsCheck(payloadKeys, server.value.address, encryption), deadlineMs)];
  };
  const areas = await Promise.all([
    checkServer(),
    examine(databaseCheck(config.databaseUrl, config.dataDir), deadlineMs),
    Promise.all(
      aisOf(config).map((ai) =>
        examine(aiCheck(ai, deadlineMs * CALL_SHARE, config.knowledgeSources !== null), deadlineMs),
      ),
    ),
    checkSources(config, deadlineMs),
    checkTools(config, { deadlineMs, timeoutMs: deadlineMs * CALL_SHARE }),
    Promise.all(
      [...instructionChecks(config), ...costChecks(config, clock()), ...surenessChecks(config)].map((check) =>
        examine(check, deadlineMs),
      ),
    ),
    portalFindings(config, deadlineMs),
    checkInstallations(config, deadlineMs),
    checkNotifications(config, {
      ...{ deadlineMs, timeoutMs: deadlineMs * CALL_SHARE },
      ...{ sends: sendsNotification, now: clock() },
    }),
    webhookFindings(config, { deadlineMs, clock }),
  ]);
  const readable: Finding = { check: 'settings', level: 'ok', message: 'Every setting can be read.' };
  // Of the webhooks' own address, its check says more.
  const warnings = config.warnings.filter(({ setting }) => setting !== 'WEBHOOK_PUBLIC_URL');
  return [readable, ...settingsWarnings(warnings), ...temporalFailure, ...areas.flat()];
};

/**
 * Checks every setting against the real systems, and says what that means for customers. Changes nothing there; a test
 * notification goes out on request. Each check stands for itself: one that fails or
 * hangs leaves the others alone. What can't be known before another thing is fixed is named as not checked.
 */
export const examineSettings = async (options: ExaminationOptions): Promise<Finding[]> =>
  withCustomers(await examineAll(options));
