import { z } from 'zod';
import { HUBSPOT_CHANNELS, isChannelName } from '../hubspot/channels.ts';
import { listOf } from './list-of.ts';
import { duration, httpUrl, text, yamlFlag } from './primitives.ts';

const MOST_TOOLS = 50;

/** Rules that a tool can have. */
const RULES = ['reads', 'safe', 'approve'] as const;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const NAME = 'must be letters, digits and _, beginning with a letter, such as orderStatus: at most 64';
const toolName = z.string({ error: NAME }).regex(/^[A-Za-z]\w{0,63}$/, NAME);

const CHANNEL = `must be a channel: ${HUBSPOT_CHANNELS.join(', ')}, or channel and the id of a custom one`;
const channels = z
  .array(z.string({ error: CHANNEL }).refine(isChannelName, CHANNEL), { error: 'must be a list of channels' })
  .min(1, 'lists no channel');

const template = z.union([z.string(), z.number().transform(String)], { error: 'must be text' });
const headers = z
  .record(z.string().regex(/^[A-Za-z\d!#$%&'*+.^_`|~-]{1,100}$/), template, {
    error: ({ code }) => (code === 'invalid_key' ? 'must be the name of a header' : 'must be texts by name'),
  })
  .default({});

const timeout = duration('10s', '30s', '1s')
  .refine((ms) => ms > 0, 'must be at least 1s')
  .meta({ takes: 'a duration from 1s to 30s' })
  .describe('How long a call may take, such as 10s.');

/** Fields of every tool. */
const common = {
  channels: channels
    .optional()
    .describe('It is offered on these channels alone, such as [live chat]. Without it on all.'),
  identity: z
    .enum(['verified', 'claimed'], { error: 'must be verified or claimed' })
    .optional()
    .describe(
      'How sure it has to be who the customer is. verified: the channel is one of verifiedChannels; claimed: what they ' +
        'say counts, such as the From of a mail. A tool that uses the contact is verified unless it says otherwise.',
    ),
  longest: z
    .int({ error: 'must be a whole number from 100 to 20000' })
    .min(100, 'must be a whole number from 100 to 20000')
    .max(20_000, 'must be a whole number from 100 to 20000')
    .default(2_000)
    .describe('So many characters of an answer the AI sees at most; the rest is cut.'),
};
const rule = z.enum(RULES, { error: `must be ${listOf(RULES)}` }).optional();

const description = z
  .string({ error: 'is missing: what the tool does, for the AI' })
  .trim()
  .min(1, 'is empty: what the tool does, for the AI')
  .max(1_000, 'must have 1000 characters at most');

const FIELD = 'must be a path such as status or items.*.name';
const httpTool = z.strictObject({
  name: toolName.describe('What the AI calls it, such as orderStatus.'),
  description: description.describe('What it does and when to use it, for the AI.'),
  input: z
    .record(z.string(), z.unknown(), { error: 'must be a JSON Schema of an object' })
    .default({ type: 'object', properties: {} })
    .describe('JSON Schema (2020-12) of what the AI gives it: an object of texts, numbers, flags and lists of them.'),
  method: z
    .enum(METHODS, { error: `must be ${listOf(METHODS)}` })
    .default('GET')
    .describe('Of the request.'),
  url: text('a URL').describe(
    'Where the request goes, such as https://shop.example/orders/{{input.order}}. The host is written out, or ' +
      `begins as \${env:NAME}. Parameters are in query.`,
  ),
  query: z.record(z.string(), template).default({}).describe('Parameters behind the ?, by name.'),
  headers: headers.describe(`By name; secrets as \${env:NAME}.`),
  body: z
    .record(z.string(), z.unknown(), { error: 'must be an object' })
    .optional()
    .describe('JSON that is sent, with placeholders in its texts.'),
  show: z
    .union(
      [
        z.literal('all'),
        z
          .array(z.string().regex(/^[^.]+(?:\.[^.]+)*$/, FIELD))
          .min(1, 'lists no field')
          .max(100, 'must be 100 at most'),
      ],
      { error: `must be all, or a list of fields, such as [status, items.*.name]` },
    )
    .describe('What of the answer the AI sees: paths with dots, * for each of a list; all: everything.'),
  timeout,
  rule: rule.describe(
    'reads: it changes nothing, and runs by itself. safe: it changes something, and may run by itself. approve: an ' +
      'agent has to agree. Without it a GET reads, and any other method needs approval.',
  ),
  idempotencyHeader: z
    .string()
    .regex(/^[A-Za-z\d-]{1,100}$/, 'must be the name of a header')
    .default('Idempotency-Key')
    .describe("The header that holds the call's key, where the tool changes something: the same at each try."),
  ...common,
});

const mcpTool = z.strictObject({
  tool: text("the server's name of a tool").describe('What the server calls it.'),
  name: toolName.optional().describe('What the AI calls it, where that is another name.'),
  description: description.optional().describe("What the AI reads of it, in place of the server's own words."),
  rule: rule.describe('As of other tools. Without it an agent has to agree.'),
  fill: z
    .record(z.string(), z.unknown(), { error: 'must be values by argument' })
    .default({})
    .describe('Arguments that Threadkeeper fills in, such as email: "{{contact.email}}". The AI does not see them.'),
  mayRepeat: yamlFlag(false).describe(
    'true: a second call with the same arguments changes nothing more. Else a tool that changes something needs an ' +
      'argument with {{call.key}}, by which its server knows a call again.',
  ),
  ...common,
});

const mcpServer = z.strictObject({
  name: text('a name').describe('What it is called in logs.'),
  url: httpUrl.describe('Where it listens, by Streamable HTTP, such as https://mcp.example.com/mcp.'),
  headers: headers.describe(`By name; secrets as \${env:NAME}.`),
  timeout,
  tools: z
    .array(mcpTool, { error: 'must be a list of tools' })
    .min(1, 'lists no tool')
    .describe('What of it may be used. No other tool of it is offered.'),
});

/** What a tools file holds. Each field says what it is, for editors too (`schemas/tools.schema.json`). */
export const toolsFileContent = z.strictObject({
  verifiedChannels: channels
    .optional()
    .describe(
      "Channels on which HubSpot's contact is surely the customer, such as a live chat that only who has logged in " +
        'can open. HubSpot does not say so by itself.',
    ),
  tools: z
    .array(httpTool, { error: 'must be a list of tools' })
    .max(MOST_TOOLS, `lists more than ${MOST_TOOLS} tools`)
    .default([])
    .describe('Tools that are one HTTP request each.'),
  mcpServers: z
    .array(mcpServer, { error: 'must be a list of servers' })
    .max(10, 'lists more than 10 servers')
    .default([])
    .describe('Servers that speak the Model Context Protocol.'),
});

export type ToolsFileContent = z.output<typeof toolsFileContent>;
