import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from './payload-codec.ts';
import {
  PRELOADED_WORKFLOWS,
  WORKFLOW_BUNDLE_PATHS,
  WORKFLOW_INTERCEPTORS,
  WORKFLOWS_PATH,
} from './workflow-bundle.ts';

/**
 * The last step of `npm run build`: bundles the workflows beside the built code, so that a worker starts without
 * bundling.
 */
const bundle = async (path: string, options: { failureConverterPath?: string }): Promise<void> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    workflowInterceptorModules: WORKFLOW_INTERCEPTORS,
    preloadModules: PRELOADED_WORKFLOWS,
    ...options,
  });
  await writeFile(path, code);
};
await bundle(WORKFLOW_BUNDLE_PATHS.plain, {});
await bundle(WORKFLOW_BUNDLE_PATHS.encrypting, { failureConverterPath: FAILURE_CONVERTER_PATH });
