import type { PortalId } from '../../hubspot/ids.ts';
import { createHttpTool } from './http-tool.ts';
import type { Toolbox } from './tool.ts';
import { createToolbox } from './toolbox.ts';
import type { ToolsConfig } from './tools-config.ts';

/** The tools of every portal. */
export interface Toolboxes {
  toolboxOf(portalId: PortalId): Toolbox;
  /** Resolves once every MCP server has been asked for the first time, whatever came of it. */
  tried: Promise<void>;
}

/** What tools may use of the process around them. */
export interface ToolParts {
  /** Gets a line where a tool can't be used: what to look at, without a customer's word. */
  warn(line: string): void;
  /** Ends what is done in the background. */
  signal: AbortSignal;
}

/**
 * The tools of one file, ready to be called. MCP servers are asked in the background: one that is away keeps nobody
 * waiting. Its code is loaded only where there is one.
 */
export const openToolbox = async (
  { tools, servers, verifiedChannels }: ToolsConfig,
  { warn, signal }: ToolParts,
): Promise<{ toolbox: Toolbox; tried: Promise<void> }> => {
  const own = tools.map((tool) => createHttpTool(tool, warn));
  const { watchMcpServer } = servers.length > 0 ? await import('./mcp-server.ts') : {};
  const watched = servers.flatMap((server) => watchMcpServer?.(server, warn, signal) ?? []);
  return {
    toolbox: createToolbox(() => [...own, ...watched.flatMap((server) => server.tools())], verifiedChannels),
    tried: Promise.all(watched.map(({ tried }) => tried)).then(() => undefined),
  };
};

/** The settings' word on the tools of all portals. */
export interface AllToolsConfig {
  /** Of each portal that has none of its own; `null`: there are none. */
  tools: ToolsConfig | null;
  portals: readonly { settings: { portalId: PortalId }; tools?: ToolsConfig }[];
}

/** Each portal's tools. A file that several portals name is opened once. */
export const openToolboxes = async (config: AllToolsConfig, parts: ToolParts): Promise<Toolboxes> => {
  const files = [config.tools, ...config.portals.map(({ tools }) => tools)].flatMap((file) => file ?? []);
  const opened = new Map<string, Awaited<ReturnType<typeof openToolbox>>>();
  for (const file of files) if (!opened.has(file.path)) opened.set(file.path, await openToolbox(file, parts));
  const none = createToolbox(() => [], []);
  const pathOf = new Map(
    config.portals.flatMap(({ settings, tools }) => (tools ? [[settings.portalId, tools.path]] : [])),
  );
  return {
    toolboxOf: (portalId) => opened.get(pathOf.get(portalId) ?? config.tools?.path ?? '')?.toolbox ?? none,
    tried: Promise.all([...opened.values()].map(({ tried }) => tried)).then(() => undefined),
  };
};
