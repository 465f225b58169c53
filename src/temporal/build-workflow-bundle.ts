import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { WORKFLOW_BUNDLE_PATH } from './workflow-bundle.ts';

/** The last step of `npm run build`: bundles the workflows beside the built code, so that a worker starts without bundling. */
const workflowsPath = fileURLToPath(new URL(`../workflows/index${extname(import.meta.url)}`, import.meta.url));
const { code } = await bundleWorkflowCode({ workflowsPath });
await writeFile(WORKFLOW_BUNDLE_PATH, code);
