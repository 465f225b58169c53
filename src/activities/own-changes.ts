import { activityInfo, log } from '@temporalio/activity';
import { LIVE_CHAT_CHANNEL_ID } from '../hubspot/channels.ts';
import type { PortalId } from '../hubspot/ids.ts';
import type { PortalSettings } from '../rules/settings.ts';
import type { OwnChanges } from '../sessions/own-changes.ts';
import type { HubSpotActivities, PostInput } from './hubspot.ts';

type Changing = Pick<HubSpotActivities, 'post' | 'claimThread' | 'passThread'>;

/**
 * The activities that change something on a thread. Each notes what it has done: HubSpot's event about it needs no run
 * then. Without the note, that run finds out by itself.
 */
export const noteOwnChanges = (
  activities: Changing,
  own: Pick<OwnChanges, 'noteMessage' | 'noteAssignment'>,
  settingsOf: (portalId: PortalId) => Promise<PortalSettings>,
): Changing => {
  const noted = async (note: () => Promise<unknown>): Promise<void> => {
    try {
      await note();
    } catch (error) {
      // A database's message may repeat what was to be stored.
      log.debug('An own change was not noted: the run of its event looks', { error: String((error as Error).name) });
    }
  };

  /** The event's run looks later whether the message arrived, if it is there before the run that is to do that. */
  const isLookedAfter = async ({ portalId, to }: PostInput): Promise<boolean> =>
    to !== null && to.channelId !== LIVE_CHAT_CHANNEL_ID && (await settingsOf(portalId)).deliveryCheckMs > 0;

  return {
    async post(input) {
      const posted = await activities.post(input);
      if (posted.moved) return posted;
      const { portalId, threadId } = input;
      await noted(async () => {
        if (!(await isLookedAfter(input))) await own.noteMessage({ portalId, threadId, messageId: posted.messageId });
      });
      return posted;
    },

    async claimThread(input) {
      const claimed = await activities.claimThread(input);
      if (claimed !== 'assigned') return claimed;
      const { portalId, threadId } = input;
      const knownTo = activityInfo().workflowExecution?.workflowId ?? '';
      await noted(async () => {
        const { aiActorId } = await settingsOf(portalId);
        await own.noteAssignment({ portalId, threadId, owner: aiActorId, knownTo });
      });
      return claimed;
    },

    async passThread(input) {
      const passed = await activities.passThread(input);
      if (passed !== 'assigned') return passed;
      const { portalId, threadId, to, knownTo = activityInfo().workflowExecution?.workflowId ?? '' } = input;
      await noted(() => own.noteAssignment({ portalId, threadId, owner: to, knownTo }));
      return passed;
    },
  };
};
