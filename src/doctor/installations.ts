import { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import type { AccessTokens } from '../hubspot/access-tokens.ts';
import { createHubSpotClient } from '../hubspot/client.ts';
import { HubSpotUnauthorized, TokenEndpointFailed } from '../hubspot/errors.ts';
import type { PortalId } from '../hubspot/ids.ts';
import type { Installation } from '../installations/store.ts';
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

/** Says why a portal has no token now, and what to do; `null`: it has one. */
const tokenFinding = async (portalId: PortalId, tokens: AccessTokens, installUrl: string): Promise<Finding | null> => {
  const check = `portal ${portalId}: token`;
  try {
    await tokens.current();
    return null;
  } catch (error) {
    const message = `${(error as Error).message}.`;
    const level = 'problem';
    if (error instanceof HubSpotUnauthorized) {
      return { check, level, message, remedy: `Open ${installUrl} as an admin of the portal.` };
    }
    if (error instanceof TokenEndpointFailed) return { check, level, message };
    return { check, level, message, remedy: 'Check the network, the proxy on the way out, and status.hubspot.com.' };
  }
};

/** Those that have a token, but for how long: the next can't be had until somebody corrects something here. */
const troubleFindings = (installed: readonly Installation[]): Finding[] =>
  installed.flatMap(({ portalId, reconnect, trouble }) =>
    reconnect !== null || trouble === undefined
      ? []
      : [
          {
            check: `portal ${portalId}: next token`,
            level: 'problem' as const,
            message: `The access token can't be renewed, and serves half an hour at most: ${trouble}.`,
          },
        ],
  );

/**
 * Checks each portal that installed the app as one that is configured, and names those that have to be connected again.
 * A token that has run out is replaced, as any process would, and a refresh token that HubSpot has refused is tried
 * once more; else nothing changes.
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
    const installations = pending.length > 0 ? null : openInstallations(config, { db }, { impatient: true });
    if (!installations) return notChecked([NAME], 'the database comes first');
    const { installUrl, tokensOf, oauth, store } = installations;
    const installed = await installations.list();
    if (installed.length === 0) {
      const message = `No portal has installed the app yet: open ${installUrl}`;
      return [{ check: NAME, level: 'info', message }];
    }
    const findings: Finding[] = [];
    for (const { portalId, aiActorId } of installed) {
      const tokens = tokensOf(portalId);
      const missing = await tokenFinding(portalId, tokens, installUrl);
      if (missing) {
        findings.push(missing);
        continue;
      }
      const client = createHubSpotClient({
        portalId,
        accessToken: tokens,
        apiUrl: config.hubspotApiUrl,
        apiVersion: config.hubspotApiVersion,
        timeoutMs: deadlineMs,
      });
      const checked = await checkPortal({
        settings: { portalId, aiActorId },
        aiFields: oauth.aiFields,
        escalation: oauth.escalation,
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
    return [...findings, ...troubleFindings(await store.list())];
  } catch (error) {
    return [{ check: NAME, level: 'problem', message: explainServerError(error, place).message }];
  } finally {
    await db.destroy();
  }
};
