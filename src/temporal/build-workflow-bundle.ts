import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { FAILURE_CONVERTER_PATH } from './payload-codec.ts';
import { WORKFLOW_BUNDLE_PATHS, WORKFLOW_INTERCEPTORS } from './workflow-bundle.ts';

/** The last step of `npm run build`: bundles the workflows beside the built code, so that a worker starts without bundling. */
const workflowsPath = fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));
const bundle = async (path: string, options: { failureConverterPath?: string }): Promise<void> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: WORKFLOW_INTERCEPTORS,
    ...options,
  });
  await writeFile(path, code);
};
await bundle(WORKFLOW_BUNDLE_PATHS.plain, {});
await bundle(WORKFLOW_BUNDLE_PATHS.encrypting, { failureConverterPath: FAILURE_CONVERTER_PATH });
