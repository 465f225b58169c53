import { DEFAULT_HANDOFF_MESSAGES } from '../../src/config/handoff-messages.ts';
import type { HandoffSettings } from '../../src/rules/handoff/handoff-settings.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';

/** How handoffs go where nothing is set. */
export const DEFAULT_HANDOFF: HandoffSettings = {
  tickets: true,
  pipeline: null,
  stage: null,
  keyProperty: null,
  closedTicket: 'new',
  properties: {},
  assignTo: [],
  escalateTo: null,
  messages: DEFAULT_HANDOFF_MESSAGES,
  pickUpMs: 1_800_000,
  after: 'silent',
};

/** What a portal has where nothing is set but who it is; `config.test.ts` shows that it is so. */
export const DEFAULT_SETTINGS: Omit<PortalSettings, 'portalId' | 'aiActorId'> = {
  autonomy: { default: 'auto', channels: {} },
  sureness: { minConfidence: { default: 0.5 }, needsSources: { default: false }, otherwise: 'handoff' },
  aiCommands: true,
  ticketingEnabled: true,
  handoff: DEFAULT_HANDOFF,
  unassignedThreads: 'skip',
  closedThreads: 'tell',
  emailDelayMs: 5_000,
  quietPeriodMs: 2_000,
  quietPeriodMaxMs: 15_000,
  deliveryCheckMs: 30_000,
  attentionAfterMs: 600_000,
  maxRepliesPerHour: 20,
  maxAiCallsPerHour: 30,
  maxMessageAgeMs: 24 * 3_600_000,
  approvalTimeoutMs: 24 * 3_600_000,
  catchUpIntervalMs: 300_000,
  timeZone: 'UTC',
  colleagueDomains: [],
  answerSenders: [],
  ignoreSenders: [],
  replyAll: false,
  aiReadsNotes: false,
  signatures: {},
};
