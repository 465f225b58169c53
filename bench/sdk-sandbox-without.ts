import { createRequire } from 'node:module';

/**
 * Loaded before the SDK, in its workflow thread too: takes away what SANDBOX_WITHOUT names, so that its cost shows.
 * `hook`: the promise hook that takes a stack for each promise of a workflow. `watchdog`: the timeout of each call into
 * the sandbox, for which Node.js starts and joins a thread.
 */
const require = createRequire(import.meta.url);
// The objects that the SDK's CommonJS sees, not the frozen namespaces of modules.
const v8: typeof import('node:v8') = require('node:v8');
const vm: typeof import('node:vm') = require('node:vm');

// biome-ignore lint/style/noProcessEnv: this file is loaded by --import, and takes no parameter
const without = process.env.SANDBOX_WITHOUT ?? '';

if (without.includes('hook')) {
  Object.defineProperty(v8, 'promiseHooks', {
    value: { ...v8.promiseHooks, createHook: () => () => undefined },
  });
}

if (without.includes('watchdog')) {
  const run = vm.Script.prototype.runInContext;
  vm.Script.prototype.runInContext = function (context, options) {
    const { timeout: _, ...others } = typeof options === 'object' ? options : {};
    return run.call(this, context, others);
  };
}
