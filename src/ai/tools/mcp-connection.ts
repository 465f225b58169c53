import { createMCPClient, type ListToolsResult, type MCPClient, MCPClientError } from '@ai-sdk/mcp';
import { AnswerTooLarge, withBody } from '../bounded-fetch.ts';
import { isPassing, refusalIn } from './status.ts';
import { ToolUnavailable } from './tool.ts';
import type { McpServerConfig } from './tools-config.ts';

/** As much as an HTTP tool may answer. */
const LONGEST_ANSWER = 2 * 1024 * 1024;
const MOST_PAGES = 20;

/** A server refuses for good: who calls has to change something. `status`: its HTTP status, where it is one. */
export class McpRefused extends Error {
  override readonly name = 'McpRefused';
  readonly status: number | null;

  constructor(message: string, status: number | null = null) {
    super(message);
    this.status = status;
  }
}

const bounded = (): TransformStream<Uint8Array, Uint8Array> => {
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      length += chunk.length;
      if (length > LONGEST_ANSWER) controller.error(new AnswerTooLarge());
      else controller.enqueue(chunk);
    },
  });
};

/** `fetch` to one address alone, which follows no redirect and reads no more of an answer than there is room for. */
const fetchTo =
  (url: string, signal: AbortSignal, failed: (error: unknown) => void): typeof fetch =>
  async (input, init) => {
    const to = new URL(input instanceof Request ? input.url : input);
    if (to.href !== new URL(url).href) throw new McpRefused('it leads elsewhere, where no call follows');
    // The stream of what a server has to say by itself: nothing of it is wanted.
    if ((init?.method ?? 'GET') === 'GET') return new Response(null, { status: 405 });
    const signals = [signal, ...(init?.signal ? [init.signal] : [])];
    try {
      const response = await fetch(to, { ...init, redirect: 'manual', signal: AbortSignal.any(signals) });
      return withBody(response, response.body?.pipeThrough(bounded()) ?? null);
    } catch (error) {
      failed(error);
      throw error;
    }
  };

/** The library's errors hold what was sent and answered: none of them goes on. */
const failureOf = (error: unknown, network: unknown, { name, timeoutMs }: McpServerConfig, isLate: boolean): Error => {
  if (error instanceof McpRefused) return error;
  const server = `The MCP server ${name}`;
  if (isLate) return new ToolUnavailable(`${server}: no answer within ${timeoutMs} ms`);
  if (network !== undefined) {
    const { cause } = network as { cause?: { code?: string } };
    return new ToolUnavailable(`${server} can't be reached (${cause?.code ?? 'network error'})`);
  }
  const status = MCPClientError.isInstance(error) ? error.statusCode : undefined;
  if (status !== undefined && isPassing(status)) return new ToolUnavailable(`${server} can't answer now (${status})`);
  if (status !== undefined && status >= 300) return new McpRefused(refusalIn(status), status);
  return new McpRefused('its server refuses the call');
};

/**
 * Connects to a server, lets `use` do something with it, and closes: nothing is kept that a restart of the server could
 * break.
 * @throws {ToolUnavailable} no connection, no answer in time, 5xx, 429; {@link McpRefused} anything else; the signal's
 * reason once that is aborted
 */
const connected = async <T>(
  config: McpServerConfig,
  signal: AbortSignal,
  use: (client: MCPClient, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const { url, headers, timeoutMs } = config;
  signal.throwIfAborted();
  const late = AbortSignal.timeout(timeoutMs);
  const inTime = AbortSignal.any([signal, late]);
  let network: unknown;
  let client: MCPClient | undefined;
  try {
    const to = fetchTo(url, inTime, (error) => {
      network ??= error;
    });
    client = await createMCPClient({
      transport: { type: 'http', url, headers: { ...headers }, fetch: to },
      initializationOptions: { signal: inTime, timeout: timeoutMs },
      clientName: 'threadkeeper',
      onUncaughtError: () => undefined,
    });
    return await use(client, inTime);
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, network, config, late.aborted);
  } finally {
    await client?.close().catch(() => undefined);
  }
};

/** What a server says of its tools, all pages of it. @throws as {@link callMcpTool} */
export const listMcpTools = (config: McpServerConfig, signal: AbortSignal): Promise<ListToolsResult['tools']> =>
  connected(config, signal, async (client, inTime) => {
    const tools: ListToolsResult['tools'] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const options = { signal: inTime, timeout: config.timeoutMs };
      const listed = await client.listTools({ options, ...(cursor === undefined ? {} : { params: { cursor } }) });
      tools.push(...listed.tools);
      cursor = listed.nextCursor;
      if (!cursor) break;
    }
    return tools;
  });

/** What a tool has answered. */
export interface McpAnswer {
  /** JSON where the server gave a structure, else its text. */
  body: string;
  /** The tool says that it failed. */
  hasFailed: boolean;
}

/**
 * Calls a tool once.
 * @throws {ToolUnavailable} no connection, no answer in time, 5xx, 429; {@link McpRefused} anything else; the signal's
 * reason once that is aborted
 */
export const callMcpTool = (
  config: McpServerConfig,
  tool: string,
  args: Record<string, unknown>,
  signal: AbortSignal,
): Promise<McpAnswer> =>
  connected(config, signal, async (client, inTime) => {
    const options = { signal: inTime, timeout: config.timeoutMs };
    const result = await client.callTool({ name: tool, arguments: args, options });
    const { content, structuredContent } = result as { content?: unknown; structuredContent?: unknown };
    const texts = (Array.isArray(content) ? content : []).map((block: { type?: unknown; text?: unknown }) =>
      block.type === 'text' && typeof block.text === 'string' ? block.text : '[not text: left out]',
    );
    const body = structuredContent === undefined ? texts.join('\n') : JSON.stringify(structuredContent);
    return { body, hasFailed: (result as { isError?: unknown }).isError === true };
  });
