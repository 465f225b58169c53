import { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import { amountInWords } from '../rules/amounts.ts';
import type { Database } from '../sessions/schema.ts';
import { serverDatabase } from '../sessions/server-database.ts';
import { createSqlUsageStore } from '../sessions/sql-usage-store.ts';
import { utcDay } from '../sessions/usage.ts';
import { aisOf } from './ai.ts';
import { type Check, info, ok, type Verdict, warning } from './finding.ts';

/** What of the configuration says what the AI costs, and may. */
export type CostSettings = Pick<Config, 'ai' | 'aiFallbacks' | 'aiPrices' | 'portals' | 'databaseUrl'>;

type Prices = NonNullable<Config['aiPrices']>;

const budgetsOf = ({ portals }: CostSettings) =>
  portals.flatMap(({ settings: { portalId, aiDailyBudgetMillionths: budget } }) =>
    budget === undefined ? [] : [{ portalId, budget }],
  );

const checkSpent = async (
  config: CostSettings,
  databaseUrl: string,
  counted: string,
  now: number,
): Promise<Verdict> => {
  const { dialect } = serverDatabase(databaseUrl);
  const db = new Kysely<Database>({ dialect });
  try {
    const store = createSqlUsageStore(db);
    const lines: string[] = [];
    let isSpent = false;
    for (const { portalId, budget } of budgetsOf(config)) {
      const spent = await store.spentOn(portalId, utcDay(now));
      isSpent ||= spent >= budget;
      lines.push(`Portal ${portalId} has spent ${amountInWords(spent)} of ${amountInWords(budget)} today.`);
    }
    const message = [counted, ...lines].join(' ');
    return isSpent
      ? warning(message, 'What the AI would send is a draft until tomorrow (UTC). npm run usage says what was dear.')
      : ok(message);
  } catch {
    return info(`${counted} Not checked: what is spent today, the database comes first.`);
  } finally {
    await db.destroy();
  }
};

const look = async (config: CostSettings, { input, output }: Prices, now: number): Promise<Verdict> => {
  if (aisOf(config).every(({ backend }) => backend === 'knowledge' || backend === 'opencx')) {
    const names = aisOf(config).map(({ backend }) => backend);
    return info(`Prices are set, but ${names.join(' and ')} tells of no tokens: nothing is counted.`);
  }
  const counted = `A million tokens count as ${input} (read) and ${output} (written).`;
  const budgets = budgetsOf(config);
  if (budgets.length === 0) return ok(counted);
  if (config.databaseUrl !== undefined) return await checkSpent(config, config.databaseUrl, counted, now);
  // The embedded database belongs to one process at a time.
  const lines = budgets.map(({ portalId, budget }) => `Portal ${portalId} may spend ${amountInWords(budget)} a day.`);
  return ok([counted, ...lines].join(' '));
};

/** What the AI costs, and what of the day's budgets is spent; nothing to check where no prices are set. Changes nothing. */
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
