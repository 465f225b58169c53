import type { Conversation, Message, Thread } from '../../src/hubspot/conversation.ts';
import type { ActorId, MessageId, PortalId, ThreadId } from '../../src/hubspot/ids.ts';
import type { HandoffSettings } from '../../src/rules/handoff/handoff-settings.ts';
import type { PortalSettings } from '../../src/rules/settings.ts';
import type { Autonomy } from '../../src/rules/speaking/autonomy.ts';
import { DEFAULT_HANDOFF, DEFAULT_SETTINGS } from './settings.ts';

export const AI = 'A-500' as ActorId;
export const AGENT = 'A-77' as ActorId;
export const VISITOR = 'V-9001' as ActorId;

export const handoff = (changes: Partial<HandoffSettings> = {}): HandoffSettings => ({
  ...DEFAULT_HANDOFF,
  messages: { '*': 'Our team will answer you here.' },
  pickUpMs: 0,
  ...changes,
});

/** The defaults, but nothing waits and nothing is looked at later. */
export const settings = (changes: Partial<PortalSettings> = {}): PortalSettings => ({
  ...DEFAULT_SETTINGS,
  portalId: '62515' as PortalId,
  aiActorId: AI,
  handoff: handoff(),
  quietPeriodMs: 0,
  deliveryCheckMs: 0,
  catchUpIntervalMs: 0,
  ...changes,
});

/** The same level on every channel. */
export const everywhere = (level: Autonomy): Pick<PortalSettings, 'autonomy'> => ({
  autonomy: { default: level, channels: {} },
});

export const thread = (changes: Partial<Thread> = {}): Thread => ({
  id: '987' as ThreadId,
  portalId: '62515' as PortalId,
  status: 'OPEN',
  spam: false,
  archived: false,
  assignedTo: AI,
  contactId: '31',
  ticketId: null,
  ...changes,
});

/** `at`: seconds into the conversation. */
type Changes = Partial<Omit<Message, 'id'>> & { id?: string; at?: number; by?: ActorId | null };

const message = ({ at = 0, by = VISITOR, id = `m${at}`, ...changes }: Changes): Message => ({
  blank: changes.text?.trim() === '' && changes.truncated !== true,
  id: id as MessageId,
  kind: 'message',
  createdAt: new Date(Date.UTC(2026, 0, 1, 12, 0, at)).toISOString(),
  direction: 'incoming',
  senders: [
    {
      actorId: by,
      name: null,
      field: null,
      address: { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: 'opaque-1' },
    },
  ],
  channelId: '1000',
  channelAccountId: '424242',
  subject: null,
  text: 'Where is my order?',
  truncated: false,
  aiMarker: false,
  fromOwnAddress: false,
  integrationAppId: null,
  clientType: 'HUBSPOT',
  attachments: [],
  postKey: null,
  undelivered: null,
  ...changes,
});

export const fromCustomer = (changes: Changes = {}): Message => message(changes);
export const fromAgent = (changes: Changes = {}): Message =>
  message({ by: AGENT, direction: 'outgoing', text: 'Hi!', ...changes });
export const fromAi = (changes: Changes = {}): Message =>
  message({ by: AI, direction: 'outgoing', text: 'An answer', ...changes });
export const comment = (changes: Changes = {}): Message =>
  message({
    kind: 'comment',
    by: AGENT,
    direction: null,
    channelId: null,
    channelAccountId: null,
    text: 'note',
    ...changes,
  });

export const conversation = (messages: Message[], changes: Partial<Thread> = {}): Conversation => ({
  thread: thread(changes),
  messages,
});
