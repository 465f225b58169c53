import { asData, cut } from '../models/data.ts';

/** A path into JSON: names of fields with dots between, `*` for each of a list, such as `items.*.name`. */
export type FieldPath = string;

/** Marks what no path leads to. */
const NOTHING = Symbol('nothing');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Paths = readonly (readonly string[])[];

/** Keeps what the paths lead to, in the shape that it has. */
const keep = (value: unknown, paths: Paths): unknown => {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) {
    const inner = paths.flatMap(([first, ...rest]) => (first === '*' ? [rest] : []));
    return inner.length === 0 ? NOTHING : value.map((item) => keep(item, inner)).filter((item) => item !== NOTHING);
  }
  if (!isObject(value)) return NOTHING;
  const kept = Object.entries(value).flatMap(([name, field]) => {
    const inner = paths.flatMap(([first, ...rest]) => (first === name || first === '*' ? [rest] : []));
    const of = inner.length === 0 ? NOTHING : keep(field, inner);
    return of === NOTHING ? [] : [[name, of] as const];
  });
  return kept.length === 0 ? NOTHING : Object.fromEntries(kept);
};

/**
 * What a model sees of an answer, as data in which nothing can look like the end of its block.
 * @param show the fields that it may see; `all`: everything, text that is no JSON too
 * @param longest in characters; the rest is cut
 * @returns `null` where the answer has none of the fields
 */
export const shownOf = (body: string, show: 'all' | readonly FieldPath[], longest: number): string | null => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    if (show !== 'all') return null;
    json = body;
  }
  const kept =
    show === 'all'
      ? json
      : keep(
          json,
          show.map((path) => path.split('.')),
        );
  return kept === NOTHING ? null : cut(asData(kept), longest);
};
