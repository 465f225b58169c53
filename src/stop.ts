import { userInfo } from 'node:os';
import { pino } from 'pino';
import { readCall } from './command-line.ts';
import { portalIdSchema } from './hubspot/id-schemas.ts';
import { runReport, UsageError } from './reports/run-report.ts';
import { changeStop, renderStops } from './reports/stops-report.ts';
import { openDatabase } from './sessions/open-session-store.ts';
import { createStops, type StopScope } from './sessions/stops.ts';

const { values } = readCall('stop', {
  options: {
    portal: { type: 'string' },
    by: { type: 'string', default: userInfo().username },
    end: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

/** @throws {UsageError} */
const scopeIn = (text: string | undefined): StopScope => {
  if (text === undefined) return 'all';
  const portalId = portalIdSchema.safeParse(text);
  if (!portalId.success) throw new UsageError('--portal must be the id of a HubSpot account, digits alone');
  return portalId.data;
};

await runReport('stop', async (_, config) => {
  const scope = scopeIn(values.portal);
  const logger = pino({ level: 'info', base: null }, pino.destination(2));
  const database = await openDatabase({ ...config, logger });
  try {
    const stops = createStops(database.db);
    const did = values.list ? null : await changeStop(stops, scope, values.end ? null : values.by);
    const now = await stops.list();
    return values.json ? `${JSON.stringify({ did, stops: now })}\n` : renderStops(did, now);
  } finally {
    await database.close();
  }
});
