import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';

/** Where a Worker finds the workflows: bundled ahead of time, or as sources that it bundles when it starts (about 2 s). */
export type WorkflowSource =
  | Required<Pick<WorkerOptions, 'workflowBundle'>>
  | Required<Pick<WorkerOptions, 'workflowsPath'>>;

/** The workflows of this build are not bundled. */
export class WorkflowBundleMissing extends Error {
  override readonly name = 'WorkflowBundleMissing';

  constructor(path: string) {
    super(`The workflow bundle ${path} is missing: run \`npm run build\`.`);
  }
}

/** Where `npm run build` puts the bundle, for this file as it stands in `dist`. */
export const WORKFLOW_BUNDLE_PATH = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/**
 * The workflows that belong to this code: built code takes the bundle beside it, sources take the sources.
 * @throws {WorkflowBundleMissing}
 */
export const findWorkflows = (): WorkflowSource => {
  if (import.meta.url.endsWith('.ts')) {
    return { workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)) };
  }
  if (!existsSync(WORKFLOW_BUNDLE_PATH)) throw new WorkflowBundleMissing(WORKFLOW_BUNDLE_PATH);
  return { workflowBundle: { codePath: WORKFLOW_BUNDLE_PATH } };
};
