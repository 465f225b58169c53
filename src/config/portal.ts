import type { NotifyTarget } from '../activities/notifications.ts';
import type { AiConfig } from '../ai/ai-config.ts';
import type { ToolsConfig } from '../ai/tools/tools-config.ts';
import type { WebhookSecret } from '../hubspot/signature.ts';
import type { EscalationRules } from '../rules/escalation/escalation-rules.ts';
import type { PortalSettings } from '../rules/settings.ts';

/** A portal as the processes know it: its settings, its credentials and its AI. */
export interface Portal {
  settings: PortalSettings;
  accessToken: string;
  /** Internal names of the properties that the AI may read. */
  aiFields: { contact: string[]; ticket: string[] };
  /** Where it isn't that of the others. */
  ai?: AiConfig;
  /** Absent: there are none. Not among the settings: a run's history would have every word of them. */
  escalation?: EscalationRules;
  /** Where people outside are notified; absent: nowhere. */
  notify?: NotifyTarget;
  /** Absolute path of what the business asks of its AI here; absent: as in the others. */
  instructionsFile?: string;
  /** Absolute path of the tools that the AI has here; absent: the same as in the others. */
  toolsFile?: string;
  /** What stands there. Absent also in a process that needs no tools. */
  tools?: ToolsConfig;
}

/** Both the single-portal variables and `PORTALS_FILE` give this. */
export interface Portals {
  portals: Portal[];
  webhookSecrets: WebhookSecret[];
}
