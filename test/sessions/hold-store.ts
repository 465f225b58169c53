import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';

// A process that holds the embedded database until it is killed, or is refused it: then it says why and ends.
// node hold-store.ts <dataDir> <portal> <thread>
const [dataDir = '', portalId, threadId] = process.argv.slice(2) as [string, PortalId, ThreadId];
const store = await openSessionStore({ databaseUrl: undefined, dataDir });
await store.open({ portalId, threadId, contactId: null, ticketId: null, channelId: null });
await store.setCustomData(portalId, threadId, { name: 'kept', value: 'yes', occurredAt: 1 });
process.stdout.write('holding\n');

const refusal = await (async () => {
  for (;;) {
    try {
      await store.ping();
    } catch (error) {
      return error;
    }
    await new Promise((next) => setTimeout(next, 50));
  }
})();
await store.close();
process.stdout.write(String(refusal), () => process.exit(0));
