import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AiAnswer, AiBackend } from '../../src/ai/backend.ts';
import { openPortalAis } from '../../src/ai/index.ts';
import {
  channelsOf,
  InstructionsError,
  instructed,
  instructionsOn,
  LONGEST_INSTRUCTIONS,
  parseInstructions,
  readInstructions,
  unquotableOf,
} from '../../src/ai/instructions.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { type ModelServer, modelSays, startModelServer } from '../support/model-server.ts';
import { asking, noting } from './request.ts';

const parse = (markdown: string) => parseInstructions(markdown, 'the file');

const SHOP = `# How we write

Call yourself Lumi.

\`\`\`
# no heading, but an example
\`\`\`

## Channel: email, Forms

Sign with Lumi.

### Postage

Never name a price.

### Language: de

Siezen.

## Always

Hand over invoices.

> We are on holiday until Monday.
`;

describe('instructions', () => {
  it('have parts for channels, up to the next heading of their level, and keep those for languages', () => {
    const shop = parse(SHOP);
    const chat = instructionsOn(shop, 'live chat');
    expect(chat).toContain('Call yourself Lumi.');
    expect(chat).toContain('# no heading, but an example');
    expect(chat).toContain('## Always\n\nHand over invoices.');
    expect(chat).not.toMatch(/Sign with|Postage|Siezen|Channel:/);
    for (const channel of ['email', 'forms']) {
      const mail = instructionsOn(shop, channel);
      expect(mail).toContain('Sign with Lumi.\n\n### Postage\n\nNever name a price.\n\n### Language: de\n\nSiezen.');
      expect(mail).not.toContain('Channel:');
    }
    expect(channelsOf(shop)).toEqual(['email', 'forms']);
    expect(shop.languages).toEqual(['de']);
  });

  it('are for a channel within a channel where both are', () => {
    const nested = parse('# Channel: email, live chat\n\nA.\n\n## Channel: live chat, sms\n\nB.\n');
    expect(instructionsOn(nested, 'email')).toBe('A.');
    expect(instructionsOn(nested, 'live chat')).toMatch(/^A\.\n+B\.$/);
    expect(instructionsOn(nested, 'sms')).toBe('');
  });

  it('may be quoted where they are written for customers', () => {
    const secret = unquotableOf(parse(SHOP));
    expect(secret).toContain('Hand over invoices.');
    expect(secret).not.toContain('holiday');
  });

  it('have a version that changes with any of their words, and with nothing else', () => {
    const { version } = parse(SHOP);
    expect(version).toMatch(/^[\da-f]{12}$/);
    expect(parse(SHOP).version).toBe(version);
    expect(parse(SHOP.replace('Lumi', 'Luna')).version).not.toBe(version);
  });

  it.each([
    ['a channel that is none', '# Channel: chat\n\nA.', /channel "chat", which is none: use live chat/],
    ['a channel in bold that is none', '# **Channel: fax**\n\nA.', /channel "fax"/],
    ['a language that is none', '# Language: German!\n\nA.', /language "German!": use its tag, such as de/],
    ['nothing', '', /holds no instructions/],
    ['nothing anyone sees', ' \n\u200b\n', /holds no instructions/],
    ['nothing but headings', '# Tone\n\n## Channel: email\n', /holds no instructions/],
    ['a book', 'a '.repeat(LONGEST_INSTRUCTIONS), /has 32,000 characters.*16,000 at most/],
  ])('are refused with %s', (_what, markdown, message) => {
    expect(() => parse(markdown)).toThrow(InstructionsError);
    expect(() => parse(markdown)).toThrow(message);
  });
});

describe('the file of instructions', () => {
  let folder: string;
  let server: ModelServer;
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threadkeeper-instructions-'));
    server = await startModelServer();
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });

  it.each([
    ['missing', () => join(folder, 'missing.md'), /missing\.md is not there: set INSTRUCTIONS_FILE/],
    ['a folder', () => folder, /can't be read \(EISDIR\): set INSTRUCTIONS_FILE/],
    ['empty', () => file('empty.md', '\n'), /empty\.md holds no instructions/],
    ['no text', () => file('latin.md', new Uint8Array([0x42, 0xfc, 0x62])), /latin\.md is no UTF-8 text/],
  ])('keeps the worker from starting where it is %s', async (_what, pathOf, message) => {
    const config = { ai: HTTP, aiFallbacks: [], knowledgeDir: resolve('knowledge'), linkDomains: null, portals: [] };
    const open = openPortalAis({ ...config, instructionsFile: pathOf() });
    await expect(open).rejects.toBeInstanceOf(InstructionsError);
    await expect(open).rejects.toThrow(message);
    const portal = { settings: { portalId: '1' as PortalId }, instructionsFile: pathOf() };
    await expect(openPortalAis({ ...config, portals: [portal] })).rejects.toThrow(message);
  });

  const HTTP = { backend: 'http' as const, url: 'http://127.0.0.1:1/', secret: 'a-secret-only-for-tests' };

  it('is that of the portal, else that of all, with whichever AI', async () => {
    const ofAll = file('all.md', 'Call yourself Lumi.');
    const ofOne = file('one.md', '\uFEFFCall yourself Luna.\r\n');
    server.script = () => modelSays({ text: 'Hi.' });
    const model = {
      ...{ backend: 'openai-compatible' as const, baseUrl: `${server.url}/v1`, apiKey: null, model: 'm', files: [] },
      ...{ knowledgeDir: 'no-such-folder', maxOutputTokens: 1_000 },
    };
    const { backendOf } = await openPortalAis({
      ai: model,
      aiFallbacks: [],
      knowledgeDir: resolve('knowledge'),
      linkDomains: null,
      instructionsFile: ofAll,
      portals: [
        { settings: { portalId: '1' as PortalId }, instructionsFile: ofOne },
        { settings: { portalId: '2' as PortalId } },
        { settings: { portalId: '3' as PortalId }, ai: { backend: 'knowledge', knowledgeDir: resolve('knowledge') } },
      ],
    });
    const answerIn = (portalId: string) => backendOf(portalId as PortalId).generate(asking('Hello'), noting());
    const { version: one } = await readInstructions(ofOne);
    expect(createHash('sha256').update(readFileSync(ofOne)).digest('hex').slice(0, 12)).toBe(one);
    const { version: all } = await readInstructions(ofAll);
    expect(await answerIn('1')).toMatchObject({ instructions: one });
    expect(server.calls.at(-1)?.system).toContain('\nCall yourself Luna.\n');
    expect(await answerIn('2')).toMatchObject({ instructions: all });
    expect(server.calls.at(-1)?.system).toContain('Call yourself Lumi.');
    expect(await answerIn('4')).toMatchObject({ instructions: all });
    // It answers by no instructions, and says so by leaving them out.
    expect(await answerIn('3')).not.toHaveProperty('instructions');
    expect(backendOf('1' as PortalId).unquotable).toEqual(['Call yourself Luna.']);
  });

  it('changes nothing of an AI where there is none', () => {
    const answer: AiAnswer = { action: 'handoff', reason: 'x', aiSessionId: null };
    const backend: AiBackend = { name: 'fake', generate: async () => answer };
    expect(instructed(backend, null)).toBe(backend);
  });
});
