import { setTimeout } from 'node:timers/promises';
import type { ListToolsResult } from '@ai-sdk/mcp';
import { cut } from '../models/data.ts';
import { shownOf } from './answer.ts';
import { strangersInputCheck } from './input.ts';
import { callMcpTool, listMcpTools, McpRefused } from './mcp-connection.ts';
import type { Input, OneTool } from './one-tool.ts';
import { isForOperators } from './status.ts';
import { fillJson, type Values, valuesInJson } from './template.ts';
import { type JsonSchema, ToolUnavailable } from './tool.ts';
import type { McpServerConfig, McpToolConfig } from './tools-config.ts';

type Listed = ListToolsResult['tools'][number];

const LONGEST_DESCRIPTION = 1_000;
/** Of one field of the input, in characters; and of the whole schema, as JSON. */
const LONGEST_NOTE = 200;
const LONGEST_SCHEMA = 8_000;
const MASK = '***';

/** How often a server is asked what it has, and how soon again after it was away, in ms. */
const REFRESH_MS = 5 * 60_000;
const RETRY_MS = 30_000;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A stranger's words on a field, cut. */
const withShortNotes = (schema: unknown): unknown => {
  if (typeof schema === 'string') return cut(schema, LONGEST_NOTE);
  if (Array.isArray(schema)) return schema.map(withShortNotes);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, withShortNotes(value)]));
};

/**
 * The server's schema without what we fill in, and with no other field than it names; `null`: it is none, or too long.
 */
const offeredSchema = ({ inputSchema }: Listed, { fill }: McpToolConfig): JsonSchema | null => {
  if (!isObject(inputSchema) || JSON.stringify(inputSchema).length > LONGEST_SCHEMA) return null;
  const { properties, required, ...others } = withShortNotes(inputSchema) as Record<string, unknown>;
  const filled = new Set(fill.map(([name]) => name));
  const open = isObject(properties) ? Object.entries(properties).filter(([name]) => !filled.has(name)) : [];
  const needed = Array.isArray(required) ? required.filter((name) => !filled.has(name)) : [];
  return {
    ...others,
    type: 'object',
    properties: Object.fromEntries(open),
    required: needed,
    additionalProperties: false,
  };
};

const toolOf = (server: McpServerConfig, config: McpToolConfig, listed: Listed, warn: Warn): OneTool | null => {
  const input = offeredSchema(listed, config);
  if (input === null) return null;
  const { name, rule, channels, identity, fill, longest, description } = config;
  const argumentsOf = (given: Input, own: Values, mask?: string): Record<string, unknown> => {
    const filled = fill.map(([argument, template]) => [argument, fillJson(template, own, mask)] as const);
    return { ...given, ...Object.fromEntries(filled.filter(([, value]) => value !== undefined)) };
  };
  return {
    name,
    description: description ?? cut(listed.description ?? '', LONGEST_DESCRIPTION),
    input,
    rule,
    channels,
    identity,
    needs: fill.flatMap(([, template]) => valuesInJson(template)).filter((value) => value !== 'call.key'),
    misfit: strangersInputCheck(input),
    preview: (given, own) =>
      `${config.tool} at ${new URL(server.url).origin}\n${JSON.stringify(argumentsOf(given, own, MASK))}`,
    async call(given, own, signal) {
      try {
        const { body, hasFailed } = await callMcpTool(server, config.tool, argumentsOf(given, own), signal);
        if (hasFailed) return { ok: false, why: 'its server says that it has failed' };
        const text = shownOf(body, 'all', longest);
        return text === null ? { ok: false, why: 'its answer is empty' } : { ok: true, text };
      } catch (error) {
        if (!(error instanceof McpRefused)) throw error;
        if (error.status !== null && isForOperators(error.status)) warn(`The tool ${name}: ${error.message}`);
        return { ok: false, why: error.message };
      }
    },
  };
};

type Warn = (line: string) => void;

/** An MCP server, asked again and again what it has. */
export interface McpServer {
  /** Those that are allowed, and that it has just now; none while it is away. */
  tools(): readonly OneTool[];
  /** Resolves once it has been asked for the first time, whatever came of it. */
  tried: Promise<void>;
}

/**
 * Begins to ask a server for its tools, in the background, until `signal` is aborted. Throws nothing: a server that is
 * away is a line for `warn`, once, and is asked again.
 */
export const watchMcpServer = (
  config: McpServerConfig,
  warn: Warn,
  signal: AbortSignal,
  { refreshMs = REFRESH_MS, retryMs = RETRY_MS }: { refreshMs?: number; retryMs?: number } = {},
): McpServer => {
  let tools: readonly OneTool[] = [];
  let said = '';
  const say = (line: string): void => {
    if (line !== '' && line !== said) warn(line);
    said = line;
  };
  const refresh = async (): Promise<number> => {
    try {
      const listed = await listMcpTools(config, signal);
      const missing: string[] = [];
      tools = config.tools.flatMap((allowed) => {
        const found = listed.find(({ name }) => name === allowed.tool);
        const tool = found ? toolOf(config, allowed, found, warn) : null;
        if (tool === null) missing.push(allowed.tool);
        return tool ?? [];
      });
      say(missing.length === 0 ? '' : `The MCP server ${config.name} has no usable tool ${missing.join(', ')}`);
      return refreshMs;
    } catch (error) {
      if (signal.aborted) return 0;
      tools = [];
      const why =
        error instanceof ToolUnavailable ? error.message : `The MCP server ${config.name}: ${(error as Error).message}`;
      say(`${why}: its tools are not offered until it answers`);
      return retryMs;
    }
  };
  const watch = async (noteTried: () => void): Promise<void> => {
    while (!signal.aborted) {
      const waitMs = await refresh();
      noteTried();
      await setTimeout(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const tried = new Promise<void>((noteTried) => void watch(noteTried));
  return { tools: () => tools, tried };
};
