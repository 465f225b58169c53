import { resolve } from 'node:path';
import type { ToolsConfig } from '../ai/tools/tools-config.ts';
import type { Portal } from './portal.ts';
import { readToolsFile } from './tools-file.ts';

/** The environment that files of tools take their secrets from. */
export type ToolSecrets = Readonly<Record<string, string | undefined>>;

/** What the files of tools say, by who uses them, and what is wrong with them, a line each. */
interface Tools {
  tools: ToolsConfig | null;
  portals: Portal[];
  problems: string[];
}

/**
 * Reads the file of `TOOLS_FILE` and those of the portals, each once.
 * @param secrets `null`: this process needs no tools, and nothing is read
 */
export const readTools = (
  toolsFile: string | undefined,
  portals: readonly Portal[],
  secrets: ToolSecrets | null,
): Tools => {
  if (secrets === null) return { tools: null, portals: [...portals], problems: [] };
  const problems: string[] = [];
  const byPath = new Map<string, ToolsConfig | null>();
  const toolsAt = (path: string, setting: string): ToolsConfig | null => {
    const absolute = resolve(path);
    const known = byPath.get(absolute);
    if (known !== undefined) return known;
    const read = readToolsFile(absolute, secrets, setting);
    if (Array.isArray(read)) problems.push(...read);
    const tools = Array.isArray(read) ? null : read;
    byPath.set(absolute, tools);
    return tools;
  };
  const tools = toolsFile === undefined ? null : toolsAt(toolsFile, 'TOOLS_FILE');
  const having = portals.map((portal) => {
    const own = portal.toolsFile === undefined ? null : toolsAt(portal.toolsFile, 'toolsFile');
    return own === null ? portal : { ...portal, tools: own };
  });
  return { tools, portals: having, problems };
};
