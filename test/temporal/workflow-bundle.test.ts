import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { findWorkflows, PRELOADED_WORKFLOWS, WorkflowBundleMissing } from '../../src/temporal/workflow-bundle.ts';

describe('findWorkflows', () => {
  it('takes the sources when it runs from sources', () => {
    const found = findWorkflows({ encrypting: false });
    expect(found).toEqual({
      workflowsPath: expect.stringMatching(/\/src\/workflows\/index\.ts$/),
      bundlerOptions: { preloadModules: PRELOADED_WORKFLOWS },
    });
    expect('workflowsPath' in found && existsSync(found.workflowsPath)).toBe(true);
  });

  it('says what to do where a build lacks its bundle', () => {
    expect(new WorkflowBundleMissing('/app/dist/workflow-bundle.js').message).toBe(
      'The workflow bundle /app/dist/workflow-bundle.js is missing: run `npm run build`.',
    );
  });
});
