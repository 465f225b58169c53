import { describe, expect, it } from '@jest/globals';
import type { AiConfig } from '../../src/config.ts';
import { type CostSettings, costChecks } from '../../src/doctor/ai-cost.ts';
import { examine } from '../../src/doctor/finding.ts';
import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';
import { settings } from '../support/messages.ts';
import { createSuiteDatabase } from '../support/suite-environment.ts';
import { suiteTemporal } from '../support/suite-temporal.ts';

const MODEL: AiConfig = { backend: 'http', url: 'http://127.0.0.1:1', secret: 'a-secret-only-for-tests' };
const NOW = Date.parse('2026-01-31T12:00:00Z');

const look = async (changes: Partial<CostSettings>) => {
  const [check] = costChecks(
    { ai: MODEL, aiFallbacks: [], aiPrices: { input: 3, output: 15 }, portals: [], databaseUrl: undefined, ...changes },
    NOW,
  );
  return check && (await examine(check, 5_000));
};
const withBudget = (aiDailyBudgetMillionths: number) => [
  { accessToken: 'pat', settings: settings({ aiDailyBudgetMillionths }), aiFields: { contact: [], ticket: [] } },
];
const withCeiling = (aiDailyCeilingMillionths: number) => [
  { accessToken: 'pat', settings: settings({ aiDailyCeilingMillionths }), aiFields: { contact: [], ticket: [] } },
];
const COUNTED = 'A million tokens count as 3 (read) and 15 (written).';

describe('what the AI costs', () => {
  it('looks at no cost where no prices are set', async () => {
    expect(await look({ aiPrices: null })).toBeUndefined();
  });

  it('is told, and with the embedded database the budgets as they are set', async () => {
    expect(await look({})).toEqual({ check: 'ai cost', level: 'ok', message: COUNTED });
    expect(await look({ portals: withBudget(5_000_000) })).toMatchObject({
      level: 'ok',
      message: `${COUNTED} Portal 62515 may spend 5.00 a day.`,
    });
  });

  it('is told with the ceilings too, and warned of where the AI is one that a ceiling can’t see', async () => {
    expect(await look({ portals: withCeiling(5_000_000) })).toMatchObject({
      level: 'ok',
      message: `${COUNTED} Portal 62515 may spend 5.00 a day, and then its AI is asked no more.`,
    });
    const opencx: AiConfig = { backend: 'opencx', apiUrl: 'http://127.0.0.1:1', apiKey: 'key' };
    for (const changes of [{ ai: opencx }, { aiFallbacks: [opencx] }]) {
      expect(await look({ portals: withCeiling(5_000_000), ...changes })).toMatchObject({
        level: 'warning',
        message: expect.stringContaining("AI_DAILY_CEILING doesn't know what opencx costs"),
      });
    }
  });

  it('says nothing where no AI tells of tokens', async () => {
    expect(await look({ ai: { backend: 'knowledge', knowledgeDir: 'knowledge' } })).toMatchObject({
      level: 'info',
      message: 'Prices are set, but knowledge reports no tokens: nothing is counted.',
    });
  });

  it('leaves a database that is away to its own check', async () => {
    const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
    expect(await look({ portals: withBudget(5_000_000), databaseUrl })).toMatchObject({
      level: 'info',
      message: expect.stringContaining('the database comes first'),
    });
  });
});

(suiteTemporal().databaseUrl === null ? describe.skip : describe)('what is spent today', () => {
  it('is told of each portal with a budget, and warned of where it is all spent', async () => {
    const databaseUrl = (await createSuiteDatabase()) ?? '';
    const store = await openSessionStore({ databaseUrl, dataDir: '/nowhere' });
    const call = { portalId: '62515' as PortalId, threadId: '1' as ThreadId, day: '2026-01-31' };
    await store.recordAiCall({ callId: 'a', ...call, inputTokens: 1, outputTokens: 1, cost: 400_000 });
    await store.close();
    expect(await look({ portals: withBudget(5_000_000), databaseUrl })).toMatchObject({
      level: 'ok',
      message: `${COUNTED} Portal 62515 has spent 0.40 of 5.00 today.`,
    });
    expect(await look({ portals: withBudget(400_000), databaseUrl })).toMatchObject({
      level: 'warning',
      message: `${COUNTED} Portal 62515 has spent 0.40 of 0.40 today.`,
    });
    expect(await look({ portals: withCeiling(400_000), databaseUrl })).toMatchObject({
      level: 'warning',
      message: `${COUNTED} Portal 62515 has spent 0.40 of its ceiling of 0.40 today.`,
      remedy: expect.stringContaining('Until tomorrow (UTC) the AI is not asked'),
    });
  });
});
