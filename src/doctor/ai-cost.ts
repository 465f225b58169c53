import { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { PortalId } from '../hubspot/ids.ts';
import { amountInWords } from '../rules/amounts.ts';
import { utcDay } from '../rules/utc-day.ts';
import type { Database } from '../sessions/schema.ts';
import { serverDatabase } from '../sessions/server-database.ts';
import { createSqlUsageStore } from '../sessions/sql-usage-store.ts';
import { aisOf } from './ai.ts';
import { type Check, type CheckResult, info, ok, warning } from './finding.ts';

/** The part of the configuration that says what the AI costs, and may. */
export type CostSettings = Pick<Config, 'ai' | 'aiFallbacks' | 'aiPrices' | 'portals' | 'databaseUrl'>;

type Prices = NonNullable<Config['aiPrices']>;

/**
 * A portal may spend this in a day before its answers become drafts, or before its AI is asked no more; in millionths.
 */
interface DailyLimit {
  portalId: PortalId;
  most: number;
  isCeiling: boolean;
}

const limitsOf = ({ portals }: CostSettings): DailyLimit[] =>
  portals.flatMap(({ settings: { portalId, aiDailyBudgetMillionths: budget, aiDailyCeilingMillionths: ceiling } }) => [
    ...(budget === undefined ? [] : [{ portalId, most: budget, isCeiling: false }]),
    ...(ceiling === undefined ? [] : [{ portalId, most: ceiling, isCeiling: true }]),
  ]);

const STOPPED =
  'Until tomorrow (UTC) the AI is not asked, and messages go to agents. npm run usage shows what was expensive.';
const DRAFTS = 'Until tomorrow (UTC) the AI only writes drafts. npm run usage shows what was expensive.';

const checkSpent = async (
  config: CostSettings,
  databaseUrl: string,
  counted: string,
  now: number,
): Promise<CheckResult> => {
  const { dialect } = serverDatabase(databaseUrl);
  const db = new Kysely<Database>({ dialect });
  try {
    const store = createSqlUsageStore(db);
    const lines: string[] = [];
    const reached: DailyLimit[] = [];
    for (const limit of limitsOf(config)) {
      const { portalId, most, isCeiling } = limit;
      const spent = await store.spentOn(portalId, utcDay(now));
      if (spent >= most) reached.push(limit);
      const of = isCeiling ? `its ceiling of ${amountInWords(most)}` : amountInWords(most);
      lines.push(`Portal ${portalId} has spent ${amountInWords(spent)} of ${of} today.`);
    }
    const message = [counted, ...lines].join(' ');
    if (reached.length === 0) return ok(message);
    return warning(message, reached.some(({ isCeiling }) => isCeiling) ? STOPPED : DRAFTS);
  } catch {
    return info(`${counted} Not checked: what is spent today, the database comes first.`);
  } finally {
    await db.destroy();
  }
};

/** These never say what an answer took. `knowledge` costs nothing. */
const TELLS_NOTHING: readonly string[] = ['knowledge', 'opencx'];

const look = async (config: CostSettings, { input, output }: Prices, now: number): Promise<CheckResult> => {
  const names = aisOf(config).map(({ backend }) => backend);
  const limits = limitsOf(config);
  if (limits.some(({ isCeiling }) => isCeiling) && names.includes('opencx')) {
    return warning(
      "AI_DAILY_CEILING doesn't know what opencx costs, because it reports no tokens.",
      'Rely on MAX_AI_CALLS_PER_HOUR, which counts its calls, and on a limit with OpenCX itself.',
    );
  }
  if (names.every((name) => TELLS_NOTHING.includes(name))) {
    return info(`Prices are set, but ${names.join(' and ')} reports no tokens: nothing is counted.`);
  }
  const counted = `A million tokens count as ${input} (read) and ${output} (written).`;
  if (limits.length === 0) return ok(counted);
  if (config.databaseUrl !== undefined) return await checkSpent(config, config.databaseUrl, counted, now);
  // The embedded database belongs to one process at a time.
  const lines = limits.map(
    ({ portalId, most, isCeiling }) =>
      `Portal ${portalId} may spend ${amountInWords(most)} a ` +
      `day${isCeiling ? ', and then its AI is asked no more' : ''}.`,
  );
  return ok([counted, ...lines].join(' '));
};

/**
 * Checks what the AI costs, and what of the day's budgets is spent; nothing to check where no prices are set. Changes
 * nothing.
 */
export const costChecks = (config: CostSettings, now: number): Check[] =>
  config.aiPrices === null
    ? []
    : [
        {
          name: 'ai cost',
          run: () => look(config, config.aiPrices as Prices, now),
          whenSilent: 'Check host and port in DATABASE_URL, and the firewall between.',
        },
      ];
