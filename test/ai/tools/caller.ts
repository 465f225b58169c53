import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToolCaller } from '../../../src/ai/tools/tool.ts';
import type { ToolsConfig } from '../../../src/ai/tools/tools-config.ts';
import { readToolsFile } from '../../../src/config/tools-file.ts';
import type { PortalId, ThreadId, TicketId } from '../../../src/hubspot/ids.ts';

/** A customer whom HubSpot names, in a live chat. */
export const CALLER: ToolCaller = {
  portalId: '62515' as PortalId,
  threadId: '700' as ThreadId,
  channel: 'live chat',
  ticketId: '800' as TicketId,
  contact: { id: '901', name: 'Ada Byron', email: 'ada@mail.example', verified: true },
};

/** What a file of tools says; or what is wrong with it, without the file's name. */
export const readTools = (yaml: string, secrets: Record<string, string> = {}): ToolsConfig | string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'threadkeeper-tools-'));
  try {
    const path = join(folder, 'tools.yaml');
    writeFileSync(path, yaml);
    const read = readToolsFile(path, secrets);
    return Array.isArray(read)
      ? read.map((problem) => problem.replace(`TOOLS_FILE ${path}`, '').replace(/^: /, ''))
      : read;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The same of a file that is right. */
export const toolsIn = (yaml: string, secrets?: Record<string, string>): ToolsConfig => {
  const read = readTools(yaml, secrets);
  if (Array.isArray(read)) throw new Error(read.join('\n'));
  return read;
};

/** How a call is made, where neither key nor end matters. */
export const once = (idempotencyKey = 'run-1-step-2') => ({ idempotencyKey, signal: new AbortController().signal });
