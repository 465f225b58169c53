import { expect, it } from '@jest/globals';
import { spawnNode } from '../support/spawned.ts';

const problemsOf = async (program: string): Promise<string> => {
  const spawned = spawnNode([program], {
    TOOLS_FILE: 'dev/demo/shop/tools.yaml',
    DEMO_SHOP_URL: 'http://localhost:1',
  });
  expect(await spawned.finishes()).toBe(1);
  expect(spawned.output()).toContain('HUBSPOT_PORTAL_ID');
  return spawned.output();
};

it('a report needs no secret of a tool, a worker needs each', async () => {
  expect(await problemsOf('src/usage.ts')).not.toContain('DEMO_SHOP_TOKEN');
  expect(await problemsOf('src/worker.ts')).toContain('DEMO_SHOP_TOKEN');
});
