import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one call asked, whichever protocol it came by. */
export interface ModelCall {
  path: string;
  headers: IncomingHttpHeaders;
  /** As it came. */
  body: string;
  /** The system's part of the prompt, the user's, and what tools gave back, each as text. */
  system: string;
  user: string;
  toolResults: string[];
  /** The media types of the pictures that came along, and how many bytes each has. */
  pictures: { mediaType: string; length: number }[];
}

/** A tool, and what a model gives it. */
export interface ToolUse {
  tool: string;
  input: object;
}

/** What the model does about a call: say something, search, or fail as servers do. */
export type Reaction =
  | { says: string }
  | { searches: string[] }
  | { uses: ToolUse[] }
  | { status: number; headers?: Record<string, string>; words?: string }
  | { raw: string }
  | { streams: string[] }
  | 'hang'
  | 'endless';

/** A server with a scripted AI, which speaks the wire protocol of every backend. */
export interface ModelServer {
  /** Without a slash at the end. */
  url: string;
  calls: ModelCall[];
  /** What to do; the last one is repeated. */
  script: (call: ModelCall) => Reaction;
  /** Resolves once the client has given up a call that hangs. */
  givenUp: Promise<void>;
  close(): Promise<void>;
}

interface Block {
  type?: string;
  /** A picture by OpenAI's protocol, and by Anthropic's. */
  image_url?: { url: string };
  source?: { media_type: string; data: string };
  text?: string;
  content?: unknown;
}
interface Spoken {
  role: string;
  content: unknown;
}

const textOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : ((content ?? []) as Block[]).map(({ text, content: inner }) => text ?? textOf(inner ?? '')).join('\n');

const pictureIn = ({ image_url: openAis, source: anthropics }: Block): ModelCall['pictures'] => {
  const [, mediaType = '', data = ''] = openAis
    ? (/^data:(.*?);base64,(.*)$/.exec(openAis.url) ?? [])
    : ['', anthropics?.media_type, anthropics?.data];
  return mediaType === '' ? [] : [{ mediaType, length: Buffer.from(data, 'base64').length }];
};

const read = (path: string, headers: IncomingHttpHeaders, body: string): ModelCall => {
  const parsed = (body === '' ? {} : JSON.parse(body)) as { messages?: Spoken[]; system?: unknown };
  const messages = parsed.messages ?? [];
  const isResult = ({ type }: Block) => type === 'tool_result';
  const blocks = messages.flatMap(({ content }) => (Array.isArray(content) ? (content as Block[]) : []));
  return {
    path,
    headers,
    body,
    system: parsed.system ? textOf(parsed.system) : textOf(messages.find(({ role }) => role === 'system')?.content),
    user: textOf(messages.find(({ role }) => role === 'user')?.content),
    pictures: blocks.flatMap(pictureIn),
    toolResults: [
      ...messages.filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)),
      ...blocks.filter(isResult).map(({ content }) => textOf(content)),
    ],
  };
};

/** What a model can say. */
type Words = { says: string } | { searches: string[] } | { uses: ToolUse[] };

const usesOf = (reaction: Exclude<Words, { says: string }>): ToolUse[] =>
  'uses' in reaction ? reaction.uses : [{ tool: 'searchKnowledge', input: { queries: reaction.searches } }];

const openAi = (reaction: Words) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'scripted',
  choices: [
    'says' in reaction
      ? { index: 0, finish_reason: 'stop', message: { role: 'assistant', content: reaction.says } }
      : {
          index: 0,
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            tool_calls: usesOf(reaction).map(({ tool, input }, index) => ({
              id: `call-${index}`,
              type: 'function',
              function: { name: tool, arguments: JSON.stringify(input) },
            })),
          },
        },
  ],
  usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
});

const anthropic = (reaction: Words) => ({
  id: 'msg-1',
  type: 'message',
  role: 'assistant',
  model: 'scripted',
  stop_reason: 'says' in reaction ? 'end_turn' : 'tool_use',
  stop_sequence: null,
  content:
    'says' in reaction
      ? [{ type: 'text', text: reaction.says }]
      : usesOf(reaction).map(({ tool, input }, index) => ({
          type: 'tool_use',
          id: `call-${index}`,
          name: tool,
          input,
        })),
  usage: { input_tokens: 100, output_tokens: 10 },
});

/** What is said, in the protocol of the path. On `/answer` and OpenCX's paths it is the answer itself. */
const inProtocolOf = (path: string, reaction: Words): string => {
  if (path.endsWith('/chat/completions')) return JSON.stringify(openAi(reaction));
  if (path.endsWith('/messages')) return JSON.stringify(anthropic(reaction));
  return 'says' in reaction ? reaction.says : '{}';
};

const endlessly = (response: ServerResponse): void => {
  const chunk = 'a'.repeat(64 * 1024);
  const go = (): void => {
    while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', go);
  };
  go();
};

/** Starts a {@link ModelServer} on a free port. */
export const startModelServer = async (): Promise<ModelServer> => {
  let noteGivenUp: () => void = () => undefined;
  const served: ModelServer = {
    url: '',
    calls: [],
    script: () => ({ status: 500 }),
    givenUp: new Promise((resolve) => {
      noteGivenUp = resolve;
    }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = read(request.url ?? '', request.headers, Buffer.concat(chunks).toString());
      // OpenCX opens a session first.
      if (call.path.endsWith('/chat/sessions')) return void response.end(JSON.stringify({ id: 's-1' }));
      served.calls.push(call);
      const reaction = served.script(call);
      if (reaction === 'hang') return void response.once('close', noteGivenUp);
      if (reaction !== 'endless' && 'status' in reaction) {
        const words = { error: { type: 'scripted', message: reaction.words ?? `refused: ${call.body}` } };
        return void response
          .writeHead(reaction.status, { 'content-type': 'application/json', ...reaction.headers })
          .end(JSON.stringify(words));
      }
      if (reaction !== 'endless' && 'streams' in reaction) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        return void response.end(reaction.streams.map((data) => `data: ${data}\n\n`).join(''));
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      if (reaction === 'endless') return endlessly(response);
      response.end('raw' in reaction ? reaction.raw : inProtocolOf(call.path, reaction));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return served;
};

/** What a model says that answers in the form asked for. */
export const modelSays = (answer: {
  action?: string;
  text?: string;
  sources?: string[];
  reason?: string;
  confidence?: number;
  language?: string;
  sentiment?: string;
}): { says: string } => ({
  says: JSON.stringify({
    action: 'reply',
    text: '',
    confidence: 0.9,
    language: 'en',
    sentiment: 'neutral',
    sources: [],
    reason: 'scripted',
    ...answer,
  }),
});
