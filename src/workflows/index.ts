/** Everything that a worker registers: the exported names are the workflow types. */

export { followAction } from './command/follow-action.ts';
export { followCommand } from './command/follow-command.ts';
export { catchUp } from './events/catch-up.ts';
export { catchUpPortals } from './events/catch-up-portals.ts';
export { dispatchDelivery } from './events/dispatch-delivery.ts';
export { noticeOwnerChange } from './events/notice-owner-change.ts';
export { syncTicketProperty } from './events/sync-ticket-property.ts';
export { checkDelivery } from './handoff/check-delivery.ts';
export { handOff } from './handoff/hand-off.ts';
export { watchPickUp } from './handoff/watch-pick-up.ts';
export { watchInactivity } from './inactivity/watch-inactivity.ts';
export { refreshKnowledge } from './knowledge/refresh-knowledge.ts';
export { testQuestion } from './knowledge/test-question.ts';
export { notify } from './notify/notify.ts';
export { expireSessions } from './privacy/expire-sessions.ts';
export { forgetContact } from './privacy/forget-contact.ts';
export { forgetThread } from './privacy/forget-thread.ts';
export { askForRating } from './rating/ask-for-rating.ts';
export { replyToMessage } from './reply/reply-to-message.ts';
export { unknownType as default } from './unknown-type.ts';
