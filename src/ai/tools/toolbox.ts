import { visible } from './input.ts';
import type { Input, OneTool } from './one-tool.ts';
import { callerValues, ValueError, type Values } from './template.ts';
import type { Toolbox, ToolCall, ToolCaller, ToolOffer } from './tool.ts';

/** Stands for the call's key where nothing is called yet. */
const NO_KEY = 'the key of this call';

const NOT_OFFERED = 'there is no such tool here';

/** A call that can be made, or why it can't. */
type Ready = { tool: OneTool; input: Input; own: Values } | { why: string };

/**
 * The toolbox over `tools`, which are asked for anew each time: those of a server come and go.
 * @param verifiedChannels on these HubSpot's contact is surely the customer
 */
export const createToolbox = (tools: () => readonly OneTool[], verifiedChannels: readonly string[]): Toolbox => {
  const isFor = ({ channels, identity, needs }: OneTool, caller: ToolCaller): boolean => {
    const { channel, contact } = caller;
    if (channels !== null && !channels.includes(channel)) return false;
    if (identity === 'verified' && !(contact.verified && verifiedChannels.includes(channel))) return false;
    const values = callerValues(caller, NO_KEY);
    return needs.every((name) => typeof values[name] === 'string' && values[name] !== '');
  };
  const prepare = ({ name, input }: ToolCall, caller: ToolCaller, key: string): Ready => {
    const tool = tools().find((one) => one.name === name);
    if (!tool || !isFor(tool, caller)) return { why: NOT_OFFERED };
    // What an agent sees is what is sent.
    const given = visible(input);
    const why = tool.misfit(given);
    if (why !== null) return { why };
    return { tool, input: given as Input, own: callerValues(caller, key) };
  };
  return {
    offered: (caller) =>
      tools()
        .filter((tool) => isFor(tool, caller))
        .map(({ name, description, input, rule }): ToolOffer => ({ name, description, input, rule })),
    preview(call, caller) {
      try {
        const ready = prepare(call, caller, NO_KEY);
        return 'why' in ready ? null : ready.tool.preview(ready.input, ready.own);
      } catch {
        return null;
      }
    },
    async call(call, caller, { idempotencyKey, signal }) {
      try {
        const ready = prepare(call, caller, idempotencyKey);
        if ('why' in ready) return { ok: false, why: ready.why };
        return await ready.tool.call(ready.input, ready.own, signal);
      } catch (error) {
        if (error instanceof ValueError) return { ok: false, why: error.message };
        // An input that is nested without an end.
        if (error instanceof RangeError) return { ok: false, why: "the input doesn't fit" };
        throw error;
      }
    },
  };
};
