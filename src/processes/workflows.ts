import type { Config } from '../config.ts';
import { userCacheDir } from '../lib/user-cache-dir.ts';
import { cachedBundle } from '../temporal/bundle-cache.ts';
import { findWorkflows, type WorkflowSource } from '../temporal/workflow-bundle.ts';

/**
 * The workflows that belong to this code, bundled: by the build, by an earlier start of the same sources, or now.
 * `onBundling` is called where that takes some seconds.
 * @throws {WorkflowBundleMissing}
 */
export const openWorkflows = async (
  { payloadKeys, xdgCacheHome }: Pick<Config, 'payloadKeys' | 'xdgCacheHome'>,
  onBundling?: () => void,
): Promise<WorkflowSource> => {
  const encrypting = payloadKeys.length > 0;
  const found = findWorkflows({ encrypting });
  if ('workflowBundle' in found) return found;
  return await cachedBundle({ encrypting, cacheDir: userCacheDir(xdgCacheHome) }, onBundling);
};
