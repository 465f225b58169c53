/** As much of `package-lock.json` as says under which licence each package stands. */
export interface Lockfile {
  packages: Record<string, { version?: string; license?: string; dev?: boolean; devOptional?: boolean }>;
}

/**
 * SPDX ids of licences that ask no more of whoever runs or passes on Threadkeeper than to keep a notice. CC-BY-4.0 is
 * for data alone (browsers' names, which the bundler brings).
 */
export const ALLOWED: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'Unlicense',
];

/**
 * Packages whose `package.json` names no licence, and what their LICENSE file is; by name and version, so that a new
 * one is read anew.
 */
export const READ_BY_HAND: Readonly<Record<string, string>> = { 'unionfs@4.6.0': 'Unlicense' };

/** Whether an SPDX expression of ids, AND, OR and brackets around the whole can be met by `allowed` licences alone. */
const isAllowed = (expression: string, allowed: readonly string[]): boolean => {
  const inner = expression.replace(/^\((.*)\)$/, '$1');
  const [some, all] = [inner.split(' OR '), inner.split(' AND ')];
  // Which binds more tightly is for a person to read.
  if (some.length > 1 && all.length > 1) return false;
  return some.length > 1 ? some.some((id) => allowed.includes(id)) : all.every((id) => allowed.includes(id));
};

/**
 * How many packages a production install may bring, those of other platforms included, and a line for each whose
 * licence is none of `allowed`.
 */
export const checkLicences = (
  { packages }: Lockfile,
  {
    allowed = ALLOWED,
    readByHand = READ_BY_HAND,
  }: { allowed?: readonly string[]; readByHand?: typeof READ_BY_HAND } = {},
): { checked: number; problems: string[] } => {
  const production = Object.entries(packages).filter(([path, { dev, devOptional }]) => path && !dev && !devOptional);
  const problems = production.flatMap(([path, { version, license }]) => {
    const name = `${path.replace(/^.*node_modules\//, '')}@${version}`;
    const licence = license ?? readByHand[name];
    if (licence === undefined) return [`${name} names no licence: read its LICENSE file`];
    return isAllowed(licence, allowed) ? [] : [`${name} stands under ${licence}`];
  });
  return { checked: production.length, problems };
};
