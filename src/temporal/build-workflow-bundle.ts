import { writeFile } from 'node:fs/promises';
import { bundleWorkflows } from './bundle-cache.ts';
import { WORKFLOW_BUNDLE_PATHS } from './workflow-bundle.ts';

/**
 * The last step of `npm run build`: bundles the workflows beside the built code, so that a worker starts without
 * bundling.
 */
await writeFile(WORKFLOW_BUNDLE_PATHS.plain, await bundleWorkflows({ encrypting: false }));
await writeFile(WORKFLOW_BUNDLE_PATHS.encrypting, await bundleWorkflows({ encrypting: true }));
