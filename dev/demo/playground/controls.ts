import type { PortalSettings } from '../../../src/rules/settings.ts';
import { type Autonomy, autonomyOn } from '../../../src/rules/speaking/autonomy.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { breakHubSpot, type HubSpotFault } from './faults.ts';

/** What can be set and broken on the page. */
export interface Switches {
  /** `draft` is Assist Mode. */
  autonomy: Autonomy;
  quietPeriodMs: number;
  emailDelayMs: number;
  /** So many replies within an hour end in a handoff: two machines may be writing to each other. */
  maxRepliesPerHour: number;
  hubspot: HubSpotFault;
  aiIsDown: boolean;
  /** HubSpot delivers every event twice. */
  twice: boolean;
}

export interface Controls {
  readonly switches: Readonly<Switches>;
  set(change: Partial<Switches>): void;
  /** How far the AI may go on this channel, by HubSpot's channel id. */
  levelOn(channelId: string): Autonomy;
  /** The switches as settings of the product, as far as they are some. */
  settings(): Record<string, string>;
}

/** `onChange` is called after each change. */
export const createControls = (
  simulator: Pick<Simulator, 'faults' | 'webhook'>,
  portal: PortalSettings,
  onChange: () => void,
): Controls => {
  const switches: Switches = {
    autonomy: portal.autonomy.default,
    quietPeriodMs: portal.quietPeriodMs,
    emailDelayMs: portal.emailDelayMs,
    maxRepliesPerHour: portal.maxRepliesPerHour,
    hubspot: 'none',
    aiIsDown: false,
    twice: false,
  };
  // The environment may say more of a setting than the page can, as long as nobody has touched it there.
  const touched: Record<string, string> = {};
  return {
    switches,
    set: (change) => {
      Object.assign(switches, change);
      if (change.autonomy !== undefined) Object.assign(touched, { AUTONOMY: change.autonomy, ASSIST_MODE: 'false' });
      if (change.quietPeriodMs !== undefined) touched.QUIET_PERIOD = `${change.quietPeriodMs}ms`;
      if (change.emailDelayMs !== undefined) touched.EMAIL_DELAY = `${change.emailDelayMs}ms`;
      if (change.maxRepliesPerHour !== undefined) touched.MAX_REPLIES_PER_HOUR = String(change.maxRepliesPerHour);
      if (change.hubspot !== undefined) breakHubSpot(simulator, change.hubspot);
      if (change.twice !== undefined) simulator.webhook.duplicate = change.twice ? 'same-event-id' : 'none';
      onChange();
    },
    levelOn: (channelId) => ('AUTONOMY' in touched ? switches.autonomy : autonomyOn(portal, channelId)),
    settings: () => ({ ...touched }),
  };
};
