import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What V8 writes with `--cpu-prof`; the part of it that is read here. */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** Time spent at a place, in ms. */
export type Spent = [place: string, ms: number][];

const placeOf = (url: string): string => {
  if (url === '') return 'V8';
  if (url.startsWith('node:')) return 'Node';
  const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (inPackage) return inPackage;
  return url.includes('workflow-bundle') ? 'workflow bundle' : 'Threadkeeper';
};

const IDLE = new Set(['(idle)', '(program)', '(root)']);

/** Where one thread spent its time: by function, and by the package that the function stands in. */
export const spentIn = ({ nodes, samples, timeDeltas }: CpuProfile): { functions: Spent; places: Spent } => {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const functions = new Map<string, number>();
  const places = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const frame = byId.get(id);
    if (!frame || IDLE.has(frame.functionName)) continue;
    const ms = (timeDeltas[at] ?? 0) / 1_000;
    const place = placeOf(frame.url);
    const name = `${frame.functionName || '(anonymous)'} · ${place}`;
    functions.set(name, (functions.get(name) ?? 0) + ms);
    places.set(place, (places.get(place) ?? 0) + ms);
  }
  const sorted = (spent: Map<string, number>): Spent => [...spent].sort((a, b) => b[1] - a[1]);
  return { functions: sorted(functions), places: sorted(places) };
};

/** The profiles in a folder, one a thread, by their file names. */
export const readProfiles = async (folder: string): Promise<{ name: string; profile: CpuProfile }[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  return await Promise.all(
    names.sort().map(async (name) => ({ name, profile: JSON.parse(await readFile(join(folder, name), 'utf8')) })),
  );
};
