/** The error details of a refused call, as far as they tell which properties were wrong. */
interface RefusalBody {
  message?: unknown;
  errors?: { context?: { propertyName?: unknown } }[];
}

const INVALID_LIST = /Property values were not valid: (\[.*\])/s;

const namesIn = (json: string): string[] => {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])) : [];
  } catch {
    return [];
  }
};

/** The properties that HubSpot doesn't take, by name: it lists them as JSON inside of its message, or in each error's context. */
export const refusedProperties = ({ message, errors }: RefusalBody): string[] => {
  const listed = namesIn(INVALID_LIST.exec(String(message ?? ''))?.[1] ?? '[]');
  const named = (Array.isArray(errors) ? errors : []).flatMap(({ context }) => {
    const names = context?.propertyName;
    return Array.isArray(names) ? names.map(String) : [];
  });
  return [...new Set([...listed, ...named])];
};

/** The object that a new one would double, by its id (seen on real portals: "Contact already exists. Existing ID: 512"). */
export const existingIdIn = ({ message }: RefusalBody): string | null =>
  /Existing ID: (\d+)/.exec(String(message ?? ''))?.[1] ?? null;
