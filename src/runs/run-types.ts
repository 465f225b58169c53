import { askForRatingRun } from './ask-for-rating.ts';
import { catchUpRun } from './catch-up.ts';
import { catchUpPortalsRun } from './catch-up-portals.ts';
import { checkDeliveryRun } from './check-delivery.ts';
import { dispatchDeliveryRun } from './dispatch-delivery.ts';
import { expireSessionsRun } from './expire-sessions.ts';
import { followActionRun } from './follow-action.ts';
import { followCommandRun } from './follow-command.ts';
import { forgetContactRun } from './forget-contact.ts';
import { forgetThreadRun } from './forget-thread.ts';
import { handOffRun } from './hand-off.ts';
import { noticeOwnerChangeRun } from './notice-owner-change.ts';
import { notifyRun } from './notify.ts';
import { refreshKnowledgeRun } from './refresh-knowledge.ts';
import { replyToMessageRun } from './reply-to-message.ts';
import { syncTicketPropertyRun } from './sync-ticket-property.ts';
import { testQuestionRun } from './test-question.ts';
import { watchInactivityRun } from './watch-inactivity.ts';
import { watchPickUpRun } from './watch-pick-up.ts';

/** Every type of run. */
export const RUN_TYPES = [
  replyToMessageRun,
  followCommandRun,
  followActionRun,
  noticeOwnerChangeRun,
  checkDeliveryRun,
  handOffRun,
  watchPickUpRun,
  askForRatingRun,
  watchInactivityRun,
  notifyRun,
  syncTicketPropertyRun,
  dispatchDeliveryRun,
  catchUpRun,
  catchUpPortalsRun,
  forgetThreadRun,
  forgetContactRun,
  expireSessionsRun,
  refreshKnowledgeRun,
  testQuestionRun,
] as const;

/** The workflow types that a worker knows, as the CLI's `--type` takes them. */
export const WORKFLOW_TYPES = RUN_TYPES.map(({ type }) => type);
