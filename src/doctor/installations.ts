import { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import { createHubSpotClient } from '../hubspot/client.ts';
import { openInstallations } from '../processes/installations.ts';
import { migrationState } from '../sessions/migrate.ts';
import type { Database } from '../sessions/schema.ts';
import { explainServerError, serverDatabase } from '../sessions/server-database.ts';
import { type Finding, notChecked } from './finding.ts';
import { checkPortal, type PortalSettingNames } from './portal.ts';

const NAME = 'installed portals';

const IN_INSTALLATION: PortalSettingNames = {
  portalId: 'the portal that is connected',
  accessToken: 'the installation',
  aiActorId: "the install page's user",
};

/**
 * Checks each portal that installed the app as one that is configured, and names those that have to be connected again. A token
 * that has run out is replaced, as any process would; else nothing changes.
 */
export const checkInstallations = async (config: Config, deadlineMs: number): Promise<Finding[]> => {
  if (config.oauth === null) return [];
  if (config.databaseUrl === undefined) {
    return notChecked([NAME], 'the embedded database belongs to the process that runs');
  }
  const { dialect, place } = serverDatabase(config.databaseUrl);
  const db = new Kysely<Database>({ dialect });
  try {
    const { pending } = await migrationState(db);
    const installations = pending.length > 0 ? null : openInstallations(config, { db });
    if (!installations) return notChecked([NAME], 'the database comes first');
    const { installUrl, tokensOf, oauth } = installations;
    const installed = await installations.list();
    if (installed.length === 0) {
      const message = `No portal has installed the app yet: open ${installUrl}`;
      return [{ check: NAME, level: 'info', message }];
    }
    const findings: Finding[] = [];
    for (const { portalId, aiActorId, reconnect } of installed) {
      if (reconnect !== null) {
        const message = `The portal has to be connected again (${reconnect}): until then the AI is silent there.`;
        findings.push({
          check: `portal ${portalId}: token`,
          level: 'problem',
          message,
          remedy: `Open ${installUrl} as an admin of the portal.`,
        });
        continue;
      }
      const client = createHubSpotClient({
        portalId,
        accessToken: tokensOf(portalId),
        apiUrl: config.hubspotApiUrl,
        apiVersion: config.hubspotApiVersion,
        timeoutMs: deadlineMs,
      });
      const checked = await checkPortal({
        settings: { portalId, aiActorId },
        aiFields: oauth.aiFields,
        client,
        names: IN_INSTALLATION,
        deadlineMs,
      });
      findings.push(
        ...checked.map((finding) =>
          finding.level === 'problem' ? { ...finding, remedy: `Connect the portal again at ${installUrl}.` } : finding,
        ),
      );
    }
    return findings;
  } catch (error) {
    return [{ check: NAME, level: 'problem', message: explainServerError(error, place).message }];
  } finally {
    await db.destroy();
  }
};
