import { startToolServer, type ToolRequest, type ToolServer } from './tool-server.ts';

/** A tool as an MCP server lists it. */
export interface McpTool {
  name: string;
  description?: string;
  inputSchema: object;
}

/** An MCP server over Streamable HTTP. */
export interface McpServer extends Pick<ToolServer, 'url' | 'requests' | 'close'> {
  tools: McpTool[];
  /** What was called, in order. */
  calls: { name: string; arguments: Record<string, unknown> }[];
  /** What a call gives; `{ content: [] }` unless set. */
  result: (call: { name: string; arguments: Record<string, unknown> }) => object;
  /** Instead of all that, where it gives something. */
  instead: (request: ToolRequest) => ReturnType<ToolServer['answer']> | undefined;
}

interface Message {
  id?: number | string;
  method: string;
  params?: { name: string; arguments: Record<string, unknown>; protocolVersion?: string };
}

/** Starts an {@link McpServer} on a free port, or on one where it was before. */
export const startMcpServer = async (tools: McpTool[], port = 0): Promise<McpServer> => {
  const server = await startToolServer(port);
  const served: McpServer = {
    ...server,
    url: `${server.url}/mcp`,
    tools,
    calls: [],
    result: () => ({ content: [] }),
    instead: () => undefined,
  };
  const resultOf = ({ method, params }: Message): object | null => {
    switch (method) {
      case 'initialize':
        return {
          protocolVersion: params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: 'shop', version: '1' },
        };
      case 'tools/list':
        return { tools: served.tools };
      case 'tools/call': {
        const call = { name: params?.name ?? '', arguments: params?.arguments ?? {} };
        served.calls.push(call);
        return served.result(call);
      }
      default:
        return null;
    }
  };
  server.answer = (request) => {
    const instead = served.instead(request);
    if (instead) return instead;
    if (request.method !== 'POST') return { status: request.method === 'DELETE' ? 200 : 405 };
    const message = JSON.parse(request.body) as Message;
    if (message.id === undefined) return { status: 202 };
    const result = resultOf(message);
    const answered = result === null ? { error: { code: -32601, message: 'no such method' } } : { result };
    return { json: { jsonrpc: '2.0', id: message.id, ...answered } };
  };
  return served;
};
