/** HubSpot's limit for the value of a text property, in characters. */
export const LONGEST_PROPERTY_VALUE = 65_536;

/** HubSpot sends this in place of a sensitive property's value (webhooks guide). */
const REDACTED = 'REDACTED';

/**
 * Says whether there is nothing to bring into a session: a cleared property, or one whose value HubSpot keeps to
 * itself.
 */
export const holdsNoValue = (value: string | null | undefined): boolean =>
  value === null || value === undefined || value.trim() === '' || value === REDACTED;
