import pMap from 'p-map';
import { listMcpTools } from '../ai/tools/mcp-connection.ts';
import type { McpServerConfig, ToolsConfig } from '../ai/tools/tools-config.ts';
import type { Config } from '../config.ts';
import { type Check, examine, type Finding, ok, problem, warning } from './finding.ts';

/** Systems that are looked at together. */
const CONCURRENCY = 5;

const remedyIn = (file: string): string => `Correct ${file}, or see why nothing answers there.`;

/** Says whether something answers at a host. Calls no tool, and no secret goes there. */
const hostCheck = (origin: string, file: string, timeoutMs: number): Check => ({
  name: `tools at ${new URL(origin).host}`,
  async run() {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const answer = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal });
      await answer.body?.cancel();
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code;
      return problem(`Nothing answers there${code ? ` (${code})` : ''}.`, remedyIn(file));
    }
    return ok('It answers. No tool was called.');
  },
  whenSilent: remedyIn(file),
});

/** Asks a server for its tools, and says which of those that are allowed it has not. Calls none. */
const serverCheck = (server: McpServerConfig, file: string, timeoutMs: number): Check => ({
  name: `MCP server ${server.name}`,
  async run() {
    let listed: string[];
    try {
      const tools = await listMcpTools({ ...server, timeoutMs }, new AbortController().signal);
      listed = tools.map(({ name }) => name);
    } catch (error) {
      return problem(`It can't be asked for its tools: ${(error as Error).message}.`, remedyIn(file));
    }
    const missing = server.tools.map(({ tool }) => tool).filter((tool) => !listed.includes(tool));
    return missing.length === 0
      ? ok(`It has the tools that are allowed: ${server.tools.map(({ tool }) => tool).join(', ')}.`)
      : warning(
          `It has no tool ${missing.join(', ')}.`,
          `Its tools are ${listed.join(', ') || 'none'}: correct ${file}.`,
        );
  },
  whenSilent: remedyIn(file),
});

/** Looks at the systems behind the tools of every portal, each once. */
export const checkTools = async (
  { tools, portals }: Pick<Config, 'tools'> & { portals: readonly { tools?: ToolsConfig }[] },
  { deadlineMs, timeoutMs }: { deadlineMs: number; timeoutMs: number },
): Promise<Finding[]> => {
  const files = new Map(
    [tools, ...portals.map((portal) => portal.tools)].flatMap((file) => file ?? []).map((file) => [file.path, file]),
  );
  const checks = [...files.values()].flatMap((file) => [
    ...[...new Set(file.tools.map(({ origin }) => origin))].map((origin) => hostCheck(origin, file.path, timeoutMs)),
    ...file.servers.map((server) => serverCheck(server, file.path, timeoutMs)),
  ]);
  return await pMap(checks, (check) => examine(check, deadlineMs), { concurrency: CONCURRENCY });
};
