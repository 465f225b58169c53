import {
  type AssistantModelMessage,
  generateText,
  jsonSchema,
  type LanguageModel,
  type ModelMessage,
  Output,
  type Tool,
  type ToolModelMessage,
  tool,
} from 'ai';
import type { Readable, ReadFile, ReplyRequest } from '../backend.ts';
import {
  type AgentStep,
  type CallOutcome,
  type Ground,
  NO_SUCH_TOOL,
  NO_TOOL,
  type Progress,
  type WantedCall,
} from '../steps.ts';
import type { ToolOffer } from '../tools/tool.ts';
import { type ModelAnswer, modelAnswerSchema } from './answer.ts';
import { ShownArticles, searchKnowledgeTool } from './articles.ts';
import { asData, cut, withoutBrackets } from './data.ts';
import { fieldTools } from './field-tools.ts';
import { conversationPrompt, picturesOf, systemPrompt } from './prompt.ts';
import { withoutRepetitions } from './repeated-calls.ts';

/** Three searches and the answer; each other tool is one more, up to a bound. */
const BASIC_STEPS = 4;
const MOST_STEPS = 10;
/** Of a model's calls in one step. */
const MOST_CALLS = 8;
/** In characters: what a model wrote in one step is sent again in each later one. */
const LONGEST_SAID = 60_000;

const ANSWER_NOW = 'You can call no tool any more: answer now, by what you know.';

/** A step of a model is made of these. */
export interface StepParts {
  model: LanguageModel;
  name: string;
  request: ReplyRequest;
  ground: Ground;
  progress: Progress;
  offers: readonly ToolOffer[];
  readable: Readable;
  /** There are articles to search. */
  hasArticles: boolean;
  given: readonly ReadFile[];
  mayAsk: boolean;
  instructions: string;
  maxOutputTokens: number;
  signal: AbortSignal;
  noteUsage(usage: { inputTokens: number | undefined; outputTokens: number | undefined }): void;
}

const toolsOf = ({ hasArticles, readable, offers }: StepParts): Record<string, Tool> => ({
  ...Object.fromEntries(
    offers.map(({ name, description, input }) => [name, tool({ description, inputSchema: jsonSchema(input) })]),
  ),
  ...(hasArticles ? { searchKnowledge: searchKnowledgeTool } : {}),
  ...fieldTools(readable),
});

const outcomeAsText = (outcome: CallOutcome, articles: ShownArticles): string => {
  if ('found' in outcome) return asData(outcome.found.map((found) => articles.show(found)));
  return outcome.ok
    ? withoutBrackets(cut(outcome.text, Number.POSITIVE_INFINITY))
    : asData({ failed: cut(outcome.why, Number.POSITIVE_INFINITY) });
};

const asObject = (input: unknown): object => (typeof input === 'object' && input !== null ? input : {});

/** A step as the model reads it again; one of another model without what only that one's service understands. */
const messagesOf = (step: AgentStep, name: string, articles: ShownArticles): ModelMessage[] => {
  const said =
    step.by === name
      ? step.said
      : step.calls.map(({ id, name: toolName, input }) => ({
          type: 'tool-call',
          toolCallId: id,
          toolName,
          input: asObject(input),
        }));
  const results: ToolModelMessage['content'] = step.calls.map(({ id, name: toolName, outcome }) => ({
    type: 'tool-result',
    toolCallId: id,
    toolName,
    output: { type: 'text', value: outcomeAsText(outcome, articles) },
  }));
  return [
    { role: 'assistant', content: said as AssistantModelMessage['content'] },
    { role: 'tool', content: results },
  ];
};

/** A model's next step: its answer, or what it wants called. `shown`: the articles that it has been shown by then. */
export type ModelStep = { shown: ShownArticles } & (
  | { answer: ModelAnswer }
  | { said: unknown[]; calls: WantedCall[] | null }
);

/**
 * Asks a model for its next step. Its calls come back as it wants them, but for those that no tool can be meant by;
 * `calls: null`: it goes on calling where it has to answer, or says more than there is room for.
 */
export const askForStep = async (parts: StepParts): Promise<ModelStep> => {
  const { model, name, request, ground, progress, offers, given, mayAsk, signal } = parts;
  const shown = new ShownArticles();
  const articles = parts.hasArticles ? { articles: ground.asked.map((found) => shown.show(found)) } : {};
  const text = conversationPrompt(request, ground.boundary, { files: given, mayAsk, ...articles });
  const tools = toolsOf(parts);
  const others = Object.keys(tools).filter((tool) => tool !== 'searchKnowledge').length;
  const isLast = progress.steps.length + 1 >= Math.min(BASIC_STEPS + others, MOST_STEPS);
  const result = await generateText({
    model,
    instructions: systemPrompt(request, ground.canary, parts.instructions, offers.length > 0),
    messages: [
      { role: 'user', content: [{ type: 'text', text }, ...picturesOf(given)] },
      ...progress.steps.flatMap((step) => messagesOf(step, name, shown)),
      ...(isLast && progress.steps.length > 0 ? [{ role: 'user' as const, content: ANSWER_NOW }] : []),
    ],
    tools,
    output: Output.object({ schema: modelAnswerSchema, name: 'answer' }),
    maxOutputTokens: parts.maxOutputTokens,
    maxRetries: 0,
    abortSignal: signal,
    onStepEnd: ({ usage }) => parts.noteUsage(usage),
  });
  if (result.toolCalls.length === 0) return { shown, answer: result.output };
  const { content = [] } = result.response.messages.find(({ role }) => role === 'assistant') ?? {};
  const said = JSON.parse(JSON.stringify(Array.isArray(content) ? content : [])) as unknown[];
  const rules = new Map(offers.map(({ name: tool, rule }) => [tool, rule]));
  const calls = result.toolCalls.map((call, index): WantedCall => {
    const { toolCallId: id, toolName, input } = call;
    const refused = (why: string): Pick<WantedCall, 'outcome'> => ({ outcome: { ok: false, why } });
    return {
      ...{ id, name: Object.hasOwn(tools, toolName) ? toolName : NO_TOOL, input, rule: rules.get(toolName) ?? 'reads' },
      ...(index < MOST_CALLS ? {} : refused('these are too many calls at once')),
      ...('invalid' in call && call.invalid ? refused('the input is not what the tool takes') : {}),
      ...(Object.hasOwn(tools, toolName) ? {} : { outcome: NO_SUCH_TOOL }),
    };
  });
  const isTooLong = JSON.stringify(said).length > LONGEST_SAID;
  const before = [...(progress.before ?? []), ...progress.steps.flatMap((step) => step.calls)];
  return { shown, said, calls: isLast || isTooLong ? null : withoutRepetitions(calls, before) };
};
