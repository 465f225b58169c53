/** Everything that a worker registers: the exported names are the workflow types. */
export { catchUp } from './catch-up.ts';
export { checkDelivery } from './check-delivery.ts';
export { dispatchDelivery } from './dispatch-delivery.ts';
export { expireSessions } from './expire-sessions.ts';
export { followCommand } from './follow-command.ts';
export { forgetContact } from './forget-contact.ts';
export { forgetThread } from './forget-thread.ts';
export { handOff } from './hand-off.ts';
export { noticeOwnerChange } from './notice-owner-change.ts';
export { replyToMessage } from './reply/reply-to-message.ts';
export { syncTicketProperty } from './sync-ticket-property.ts';
export { unknownType as default } from './unknown-type.ts';
export { watchPickUp } from './watch-pick-up.ts';
