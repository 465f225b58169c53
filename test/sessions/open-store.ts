import type { PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import { openSessionStore } from '../../src/sessions/open-session-store.ts';

// A process that opens a session on a server and ends: node open-store.ts <databaseUrl> <portal> <thread>
const [databaseUrl, portalId, threadId] = process.argv.slice(2) as [string, PortalId, ThreadId];
const store = await openSessionStore({ databaseUrl, dataDir: '/nowhere' });
await store.open({ portalId, threadId, contactId: null, ticketId: null, channelId: null });
await store.close();
