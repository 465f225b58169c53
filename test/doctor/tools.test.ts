import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { checkTools } from '../../src/doctor/tools.ts';
import { toolsIn } from '../ai/tools/caller.ts';
import { type McpServer, startMcpServer } from '../support/mcp-server.ts';
import { startToolServer, type ToolServer } from '../support/tool-server.ts';

const LISTED = [{ name: 'get_invoices', inputSchema: { type: 'object' } }];

let shop: ToolServer;
let crm: McpServer;
beforeAll(async () => {
  [shop, crm] = await Promise.all([startToolServer(), startMcpServer(LISTED)]);
});
afterAll(async () => void (await Promise.all([shop.close(), crm.close()])));

const fileOf = (shopUrl: string, crmUrl: string, tool: string) =>
  toolsIn(
    `
tools:
  - { name: a, description: A, url: '${shopUrl}/a', headers: { Authorization: '\${env:TOKEN}' }, show: all }
  - { name: b, description: B, method: POST, url: '${shopUrl}/b', show: all }
mcpServers:
  - { name: crm, url: '${crmUrl}', headers: { Authorization: '\${env:TOKEN}' }, tools: [{ tool: ${tool}, rule: reads }] }
`,
    { TOKEN: 'only-for-tools' },
  );
const look = (file: ReturnType<typeof fileOf>) =>
  checkTools({ tools: file, portals: [{ tools: file }, {}] }, { deadlineMs: 10_000, timeoutMs: 8_000 });

it('finds each system once, calls no tool, and shows it no secret that it does not need', async () => {
  const found = await look(fileOf(shop.url, crm.url, 'get_invoices'));
  expect(found).toMatchObject([
    { check: `tools at ${new URL(shop.url).host}`, level: 'ok' },
    { check: 'MCP server crm', level: 'ok', message: expect.stringContaining('get_invoices') },
  ]);
  expect(shop.requests).toMatchObject([{ method: 'HEAD', path: '/' }]);
  expect(shop.requests[0]?.headers).not.toHaveProperty('authorization');
  expect(crm.calls).toEqual([]);
});

it('names a tool that a server has not, and those that it has', async () => {
  expect((await look(fileOf(shop.url, crm.url, 'get_invoice')))[1]).toMatchObject({
    ...{ level: 'warning', message: 'It has no tool get_invoice.', remedy: expect.stringContaining('get_invoices') },
  });
});

it('says where nothing answers, in a line without a secret', async () => {
  const [gone, away] = await Promise.all([startToolServer(), startMcpServer(LISTED)]);
  await Promise.all([gone.close(), away.close()]);
  const found = await look(fileOf(gone.url, away.url, 'get_invoices'));
  expect(found).toMatchObject([
    { level: 'problem', message: 'Nothing answers there (ECONNREFUSED).' },
    { level: 'problem', message: expect.stringContaining('ECONNREFUSED') },
  ]);
  crm.instead = () => ({ status: 401 });
  const refused = (await look(fileOf(shop.url, crm.url, 'get_invoices')))[1];
  expect(refused).toMatchObject({
    level: 'problem',
    message: expect.stringContaining('refuses the credentials (401)'),
  });
  expect(JSON.stringify([found, refused])).not.toContain('only-for-tools');
});
