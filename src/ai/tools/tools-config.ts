import type { FieldPath } from './answer.ts';
import type { JsonTemplate, Template } from './template.ts';
import type { JsonSchema, ToolRule } from './tool.ts';

/** How sure it has to be who the customer is, where a tool uses the contact. */
export type Identity = 'verified' | 'claimed';

/** What the tools file says of every tool, wherever it runs. */
interface Common {
  /** What the model calls it. */
  name: string;
  rule: ToolRule;
  /** Names of channels; `null`: all. */
  channels: readonly string[] | null;
  /** `null`: it doesn't matter who the customer is. */
  identity: Identity | null;
  /** What a model sees of an answer, in characters. */
  longest: number;
}

/** A tool that is one HTTP request. */
export interface HttpToolConfig extends Common {
  description: string;
  input: JsonSchema;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as `https://shop.example`. No request goes anywhere else. */
  origin: string;
  /** Begins with `/`. */
  path: Template;
  query: readonly (readonly [string, Template])[];
  headers: readonly (readonly [string, Template])[];
  /** JSON; `null`: the request has no body. */
  body: JsonTemplate | null;
  /** Holds the call's key, where the tool changes something. */
  idempotencyHeader: string;
  show: 'all' | readonly FieldPath[];
  timeoutMs: number;
}

/** A tool of an MCP server that the file allows. */
export interface McpToolConfig extends Common {
  /** What the server calls it. */
  tool: string;
  /** In place of the server's own words; `null`: those count. */
  description: string | null;
  /** Arguments that we fill in. A model doesn't see them. */
  fill: readonly (readonly [string, JsonTemplate])[];
}

/** A server that speaks the Model Context Protocol over Streamable HTTP. */
export interface McpServerConfig {
  name: string;
  url: string;
  /** Secrets among them. */
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  tools: readonly McpToolConfig[];
}

/** A tools file, read, with its secrets in it. */
export interface ToolsConfig {
  /** Its absolute path. */
  path: string;
  /** Channels on which HubSpot's contact is surely the customer, as the business says. */
  verifiedChannels: readonly string[];
  tools: readonly HttpToolConfig[];
  servers: readonly McpServerConfig[];
}
