import { describe, expect, it } from '@jest/globals';
import type { Headers } from '@temporalio/common';
import { interceptors, TRACE_HEADER } from '../../src/workflows/trace-context.ts';

const TRACE = { metadata: {}, data: new Uint8Array([1]) };
const OTHER = { metadata: {}, data: new Uint8Array([2]) };
const HANDED_ON = [
  'scheduleActivity',
  'scheduleLocalActivity',
  'startChildWorkflowExecution',
  'continueAsNew',
] as const;

/** What a run that was started with these headers gives to whatever it asks for. */
const given = async (started: Headers, asked: (typeof HANDED_ON)[number], own: Headers = {}): Promise<Headers> => {
  const { inbound: [inbound] = [], outbound: [outbound] = [] } = interceptors();
  await inbound?.execute?.({ args: [], headers: started }, async () => undefined);
  let seen: Headers = {};
  const next = async ({ headers }: { headers: Headers }) => {
    seen = headers;
  };
  await outbound?.[asked]?.({ headers: own } as never, next as never);
  return seen;
};

describe('a run', () => {
  it.each(HANDED_ON)('hands its trace on by %s, and nothing else that it was started with', async (asked) => {
    expect(await given({ [TRACE_HEADER]: TRACE, other: OTHER }, asked)).toEqual({ [TRACE_HEADER]: TRACE });
    expect(await given({ [TRACE_HEADER]: TRACE }, asked, { own: OTHER })).toEqual({
      [TRACE_HEADER]: TRACE,
      own: OTHER,
    });
  });

  it.each(HANDED_ON)('without a trace leaves %s as it is', async (asked) => {
    expect(await given({}, asked)).toEqual({});
    expect(await given({ other: OTHER }, asked, { own: OTHER })).toEqual({ own: OTHER });
  });
});
