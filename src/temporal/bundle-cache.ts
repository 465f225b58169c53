import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { hashFiles } from '../lib/hash-files.ts';
import { FAILURE_CONVERTER_PATH } from './payload-codec.ts';
import { PRELOADED_WORKFLOWS, WORKFLOW_INTERCEPTORS, WORKFLOWS_PATH, type WorkflowSource } from './workflow-bundle.ts';

/** Bundles of earlier code are kept for those who go back to it; each has about 2 MB. */
const KEPT = 6;

const SOURCES = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = fileURLToPath(new URL('../..', import.meta.url));

/** The bundle's code. `encrypting`: with the failure converter of deployments that have PAYLOAD_KEYS. */
export const bundleWorkflows = async ({ encrypting }: { encrypting: boolean }): Promise<string> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    workflowInterceptorModules: WORKFLOW_INTERCEPTORS,
    preloadModules: PRELOADED_WORKFLOWS,
    ...(encrypting ? { failureConverterPath: FAILURE_CONVERTER_PATH } : {}),
    // Webpack's report is news to nobody.
    logger: new DefaultLogger('WARN'),
  });
  return code;
};

/** Of all that a bundle may be made of: the sources, and the versions of the packages. */
const contentHash = async (encrypting: boolean): Promise<string> => {
  const packages = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json'];
  const sources = (await readdir(SOURCES, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
  return await hashFiles(
    [...packages.map((name) => join(PACKAGES, name)), ...sources.map((name) => join(SOURCES, name))],
    { encrypting, node: process.version },
  );
};

const prune = async (folder: string): Promise<void> => {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  const aged = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const old = aged.sort((a, b) => b.at - a.at).slice(KEPT);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
};

/**
 * The bundle of the workflows' sources: from the cache, where this content was bundled before, else made now, which
 * takes some seconds (`onBundling` is called first). Where the cache can't be written, the bundle is in memory.
 */
export const cachedBundle = async (
  { encrypting, cacheDir }: { encrypting: boolean; cacheDir: string },
  onBundling: () => void = () => undefined,
): Promise<WorkflowSource> => {
  const folder = join(cacheDir, 'workflow-bundles');
  const codePath = join(folder, `${await contentHash(encrypting)}.js`);
  try {
    // It is in use, and so among the newest. This fails where there is none.
    const now = new Date();
    await utimes(codePath, now, now);
    return { workflowBundle: { codePath } };
  } catch {
    onBundling();
  }
  const code = await bundleWorkflows({ encrypting });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Another process reads it whole or not at all.
    const draft = `${codePath}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, code);
    await rename(draft, codePath);
    await prune(folder);
    return { workflowBundle: { codePath } };
  } catch {
    return { workflowBundle: { code } };
  }
};
