import type { PortalId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../workflows/contract.ts';
import type { AiConfig } from './ai.ts';

/** A portal as the processes know it: its settings, its credentials and its AI. */
export interface Portal {
  settings: PortalSettings;
  accessToken: string;
  /** Internal names of the properties that the AI may read. */
  aiFields: { contact: string[]; ticket: string[] };
  /** Where it isn't that of the others. */
  ai?: AiConfig;
}

/** A webhook signing secret and the portals that it may speak for (`null`: every configured one). */
export interface WebhookSecret {
  secret: string;
  portalIds: PortalId[] | null;
}

/** What of the environment the single-portal variables and `PORTALS_FILE` both give. */
export interface Portals {
  portals: Portal[];
  webhookSecrets: WebhookSecret[];
}
