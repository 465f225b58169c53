import type { Router } from 'express';
import type { Logger } from 'pino';
import { type OAuthDependencies, oauthRoutes } from '../api/oauth.ts';
import type { Config } from '../config.ts';
import { authorizeUrl } from '../hubspot/oauth.ts';
import { SCOPES } from '../hubspot/scopes.ts';
import { createConnect } from '../installations/connect.ts';
import type { OpenDatabase } from '../sessions/open-session-store.ts';
import { type Installations, openInstallations } from './installations.ts';

/** Bounds the look for the AI's user while somebody waits for the page, in ms. */
const CONNECT_TIMEOUT_MS = 10_000;

const oauthDependencies = (
  { hubspotApiUrl: apiUrl, hubspotApiVersion: apiVersion, opsToken }: Config,
  { oauth, seal, store, client, list }: Installations,
  logger: Logger,
  isOperator: OAuthDependencies['isOperator'],
): OAuthDependencies => ({
  authorizeUrl: (state) => authorizeUrl(apiUrl, oauth.app, { scopes: SCOPES, state }),
  connect: createConnect({
    store,
    oauth: client,
    hubspot: { apiUrl, apiVersion, timeoutMs: CONNECT_TIMEOUT_MS },
    allowed: oauth.allowed,
    canBeConfirmed: opsToken !== undefined,
  }),
  ...(isOperator ? { isOperator } : {}),
  useState: store.useState,
  list,
  seal,
  aiActorId: oauth.aiActorId,
  redirectUrl: oauth.app.redirectUrl,
  logger,
  clock: Date.now,
});

/**
 * The installed portals, and the pages where portals install the app; `null` where the app is none that portals
 * install. `isOperator`: see {@link OAuthDependencies}.
 */
export const openOAuth = (
  config: Config,
  database: Pick<OpenDatabase, 'db'>,
  logger: Logger,
  isOperator?: OAuthDependencies['isOperator'],
): { installations: Installations; routes: Router } | null => {
  const installations = openInstallations(config, database);
  return (
    installations && {
      installations,
      routes: oauthRoutes(oauthDependencies(config, installations, logger, isOperator)),
    }
  );
};
