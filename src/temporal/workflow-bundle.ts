import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/**
 * Where a Worker finds the workflows: bundled ahead of time, or as sources that it bundles when it starts (about 2 s).
 */
export type WorkflowSource =
  | Required<Pick<WorkerOptions, 'workflowBundle'>>
  | Required<Pick<WorkerOptions, 'workflowsPath' | 'bundlerOptions'>>;

/** The workflows of this build are not bundled. */
export class WorkflowBundleMissing extends Error {
  override readonly name = 'WorkflowBundleMissing';

  constructor(path: string) {
    super(`The workflow bundle ${path} is missing: run \`npm run build\`.`);
  }
}

/**
 * Where `npm run build` puts the bundles, for this file as it stands in `dist`. A bundle holds the failure converter
 * that its workflows fail with, so that there is one for each: `encrypting` for deployments with PAYLOAD_KEYS.
 */
export const WORKFLOW_BUNDLE_PATHS = {
  plain: fileURLToPath(new URL('../workflow-bundle.js', import.meta.url)),
  encrypting: fileURLToPath(new URL('../workflow-bundle-encrypting.js', import.meta.url)),
};

const workflowModule = (name: string): string =>
  fileURLToPath(new URL(`../workflows/${name}${extname(import.meta.url)}`, import.meta.url));

/** The module whose exports are the workflows. */
export const WORKFLOWS_PATH = workflowModule('index');

/**
 * Every bundle of the workflows needs these beside them. Hands traces on where there are any; there is one bundle with
 * tracing and without.
 */
export const WORKFLOW_INTERCEPTORS = [workflowModule('trace-context')];

/**
 * Evaluated once in a worker, and frozen, rather than anew for each run: all of the workflows' code, which takes a run
 * a quarter less CPU. What a module of theirs kept of one run, another one would see: they keep nothing
 * (`test/workflows/stateless.test.ts`).
 */
export const PRELOADED_WORKFLOWS = [WORKFLOWS_PATH, ...WORKFLOW_INTERCEPTORS];

/**
 * The workflows that belong to this code, for workers that encrypt or don't: built code takes the bundle beside it,
 * sources take the sources.
 * @throws {WorkflowBundleMissing}
 */
export const findWorkflows = ({ encrypting }: { encrypting: boolean }): WorkflowSource => {
  if (import.meta.url.endsWith('.ts')) {
    return { workflowsPath: WORKFLOWS_PATH, bundlerOptions: { preloadModules: PRELOADED_WORKFLOWS } };
  }
  const codePath = WORKFLOW_BUNDLE_PATHS[encrypting ? 'encrypting' : 'plain'];
  if (!existsSync(codePath)) throw new WorkflowBundleMissing(codePath);
  return { workflowBundle: { codePath } };
};
