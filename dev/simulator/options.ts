import type { components } from '../../src/hubspot/openapi.ts';
import type { WebhookOptions } from './webhooks/sender.ts';

/**
 * How the portal behaves where HubSpot is known, or suspected, to surprise. Every field may be changed while it runs.
 */
export interface Behaviour {
  /**
   * When the event about our own post is sent: once the answer is out, or delivered even before the answer goes out
   * (a race that a client must survive), or never.
   */
  echo: 'after-answer' | 'before-answer' | 'none';
  /** Takes HTML comments out of the `richText` that is posted, as a sanitiser would. */
  stripHtmlComments: boolean;
  /** The history's order; HubSpot promises none. */
  newestFirst: boolean;
  /** The history's order is the portal's own, whatever a reader asks for. */
  ignoreSort: boolean;
  /** The first page of a history is empty, with a cursor to the next (seen on real portals). */
  emptyFirstPage: boolean;
  /** Cuts what is posted through the API to so many characters, as `TRUNCATED_TO_MOST_RECENT_REPLY`. */
  truncateOutgoingTo: number | null;
  /** For so long after it was written, a message is not found and not listed, in ms. */
  readLagMs: number;
  /** For so long after it was made or changed, a contact or ticket is not found by a search, in ms. */
  searchLagMs: number;
  /** Ticket properties of the portal's own that hold a value once: tickets are found and upserted by them. */
  uniqueTicketProperties: string[];
  /** What a search of the portal's web sites finds; where it leads, nobody of the simulator answers. */
  knowledgeArticles: components['schemas']['SiteSearchResult'][];
  /** Users by their ids who own nothing: deactivated ones, or without a seat. Every other user is an owner. */
  usersWithoutOwner: number[];
  /** What is sent through the API is taken, and a moment later marked as FAILED for this reason. */
  undeliverable: string | null;
  /** An OAuth access token is good for so long, in seconds. */
  tokenSeconds: number;
  /** Each refresh gives a new refresh token, and the last is worth nothing any more. */
  rotateRefreshTokens: boolean;
  /** No refresh token is taken: the app was uninstalled. */
  badRefreshToken: boolean;
  /** `assignedTo` events carry `12` instead of `A-12` (HubSpot's two guides disagree). */
  bareActorIds: boolean;
}

export interface SimulatorOptions {
  /** Digits. */
  portalId: string;
  /** Digits, at most 2147483647. */
  appId: string;
  /** Signs the webhooks, and shows the token endpoint who asks. */
  clientSecret: string;
  /** An app that the portal installs has this id; `client-id` by default. */
  clientId?: string;
  /** What the API's callers must send as bearer token. */
  accessToken: string;
  aiActorId: string;
  /** Where webhooks go, and the URL that is signed; `null` sends none. See {@link Simulator.setWebhookUrl}. */
  webhookUrl: string | null;
  /** The port to listen on; 0, the default, takes a free one. */
  port?: number;
  /** 127.0.0.1 by default. */
  host?: string;
  /** Who owns a new thread; the AI by default, `null` for nobody. */
  defaultOwner?: string | null;
  behaviour?: Partial<Behaviour>;
  webhook?: Partial<WebhookOptions>;
  /** Gives numbers from 0 to 1, for everything left to chance (shuffling, faults by probability). */
  random?: () => number;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  echo: 'after-answer',
  stripHtmlComments: false,
  newestFirst: false,
  ignoreSort: false,
  emptyFirstPage: false,
  truncateOutgoingTo: null,
  readLagMs: 0,
  searchLagMs: 0,
  uniqueTicketProperties: [],
  knowledgeArticles: [],
  usersWithoutOwner: [],
  undeliverable: null,
  bareActorIds: false,
  tokenSeconds: 1800,
  rotateRefreshTokens: true,
  badRefreshToken: false,
};
