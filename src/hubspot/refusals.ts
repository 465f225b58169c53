/** The error details of a refused call, as far as they say which properties were wrong. */
interface RefusalBody {
  message?: unknown;
  errors?: { context?: { propertyName?: unknown } }[];
}

const BEFORE_LIST = 'Property values were not valid: [';

/**
 * The JSON of the list in such a message. Looked up by two searches: a pattern would look at a hostile text again and
 * again.
 */
const invalidList = (message: string): string => {
  const before = message.indexOf(BEFORE_LIST);
  const start = before + BEFORE_LIST.length - 1;
  const end = message.lastIndexOf(']');
  return before === -1 || end < start ? '[]' : message.slice(start, end + 1);
};

const namesIn = (json: string): string[] => {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.flatMap((one) => (typeof one?.name === 'string' ? [one.name] : [])) : [];
  } catch {
    return [];
  }
};

/**
 * The properties that HubSpot doesn't take, by name: it lists them as JSON inside of its message, or in each error's
 * context.
 */
export const refusedProperties = ({ message, errors }: RefusalBody): string[] => {
  const listed = namesIn(invalidList(String(message ?? '')));
  const named = (Array.isArray(errors) ? errors : []).flatMap((detail) => {
    const names = detail?.context?.propertyName;
    return Array.isArray(names) ? names.map(String) : [];
  });
  return [...new Set([...listed, ...named])];
};

/**
 * The object that a new one would double, by its id (seen on real portals: "Contact already exists. Existing ID: 512").
 */
export const existingIdIn = ({ message }: RefusalBody): string | null =>
  /Existing ID: (\d+)/.exec(String(message ?? ''))?.[1] ?? null;
