import { createContext, runInContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { withWorkflowStacks } from '../../src/temporal/workflow-stacks.ts';

/** What a sandbox that begins now has. */
const linesOfSandbox = async (): Promise<number> => runInContext('Error.stackTraceLimit', createContext({}));

it('stacks are three lines in the sandboxes that are made for workflows, or as many as the settings say', async () => {
  expect(await withWorkflowStacks(undefined, linesOfSandbox)).toBe(3);
  expect(await withWorkflowStacks(25, linesOfSandbox)).toBe(25);
});

it('stacks are as before everywhere else, whatever becomes of the workers', async () => {
  const before = [Error.stackTraceLimit, await linesOfSandbox()];
  const failing = withWorkflowStacks(0, () => Promise.reject(new Error('no server')));
  await expect(failing).rejects.toThrow('no server');
  expect([Error.stackTraceLimit, await linesOfSandbox()]).toEqual(before);
});
