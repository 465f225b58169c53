import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { sendable } from '../../src/activities/ai/ai.ts';
import type { AiAnswer } from '../../src/ai/backend.ts';
import { openPortalAis } from '../../src/ai/index.ts';
import type { AiConfig, Portal } from '../../src/config.ts';
import type { PortalId } from '../../src/hubspot/ids.ts';
import { asking, noting } from './request.ts';

const knowledgeDir = resolve('knowledge');
const KNOWLEDGE: AiConfig = { backend: 'knowledge', knowledgeDir };
const HTTP: AiConfig = { backend: 'http', url: 'http://127.0.0.1:1/', secret: 'a-secret-only-for-tests' };

const portal = (portalId: string, ai?: AiConfig): Portal =>
  ({ settings: { portalId }, accessToken: 'pat', ...(ai ? { ai } : {}) }) as Portal;

it('gives each portal its own AI, with the fallbacks that it is not itself', async () => {
  const portals = [portal('1'), portal('2', HTTP)];
  const { backendOf } = await openPortalAis({
    ai: KNOWLEDGE,
    aiFallbacks: [KNOWLEDGE, HTTP],
    knowledgeDir,
    linkDomains: null,
    portals,
  });
  expect(backendOf('1' as PortalId).name).toBe('knowledge, then http');
  expect(backendOf('2' as PortalId).name).toBe('http, then knowledge');
});

it.each([
  'How long does shipping take?',
  'How do I return something? What does it cost? How long does it take?',
  'Hello',
  'Thanks!',
])('lets through what the articles answer to %j', async (question) => {
  const { backendOf, linkDomainsOf } = await openPortalAis({
    ai: KNOWLEDGE,
    aiFallbacks: [],
    knowledgeDir,
    linkDomains: null,
    portals: [],
  });
  const request = asking(question);
  const answer = await backendOf(request.portalId).generate(request, noting());
  expect(answer.action).toBe('reply');
  expect(sendable(answer, request, { confidential: [], linkDomains: linkDomainsOf(request.portalId) })).toEqual(answer);
});

it('lets through an article whose words the customer has quoted', async () => {
  const portals = [portal('1')];
  const { backendOf } = await openPortalAis({
    ai: KNOWLEDGE,
    aiFallbacks: [HTTP],
    knowledgeDir,
    linkDomains: null,
    portals,
  });
  const backend = backendOf('1' as PortalId);
  const [passage = ''] = backend.published?.filter((text) => text.length > 200 && /return/i.test(text)) ?? [];
  const request = asking(`Your page says "${passage}". How do I return an item?`);
  const answer: AiAnswer = { action: 'reply', text: passage, sources: [], confidence: null, aiSessionId: null };
  const rules = { confidential: [], linkDomains: ['*'] };
  expect(sendable(answer, request, rules)).toMatchObject({ action: 'handoff' });
  expect(sendable(answer, request, { ...rules, published: backend.published ?? [] })).toMatchObject({
    action: 'reply',
  });
});

it('lets an AI with sources of its own link anywhere, unless the domains are set', async () => {
  const config = { ai: KNOWLEDGE, aiFallbacks: [], knowledgeDir, portals: [portal('1'), portal('2', HTTP)] };
  const { linkDomainsOf } = await openPortalAis({ ...config, linkDomains: null });
  expect(linkDomainsOf('1' as PortalId)).not.toContain('*');
  expect(linkDomainsOf('2' as PortalId)).toEqual(['*']);
  const set = await openPortalAis({ ...config, linkDomains: ['shop.example'] });
  expect(set.linkDomainsOf('2' as PortalId)).toEqual(['shop.example']);
});
