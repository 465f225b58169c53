import { expect, it } from '@jest/globals';
import type { AiConfig } from '../../src/config.ts';
import { examine } from '../../src/doctor/finding.ts';
import { surenessChecks } from '../../src/doctor/sureness.ts';
import type { Sureness } from '../../src/rules/escalation/sureness.ts';
import { settings } from '../support/messages.ts';
import { DEFAULT_SETTINGS } from '../support/settings.ts';

const KNOWLEDGE: AiConfig = { backend: 'knowledge', knowledgeDir: 'knowledge' };
const OPENCX: AiConfig = { backend: 'opencx', apiUrl: 'http://127.0.0.1:1', apiKey: 'key' };
const HTTP: AiConfig = { backend: 'http', url: 'http://127.0.0.1:1', secret: 'a-secret-only-for-tests' };

const look = async (sureness: Partial<Sureness>, ai: AiConfig, aiFallbacks: AiConfig[] = []) => {
  const set = { ...(DEFAULT_SETTINGS.sureness as Sureness), ...sureness };
  const portal = { accessToken: 'pat', settings: settings({ sureness: set }), aiFields: { contact: [], ticket: [] } };
  const [check] = surenessChecks({ ai, aiFallbacks, portals: [portal], oauth: null });
  return check && (await examine(check, 5_000));
};
const SOURCES = { needsSources: { default: false, email: true } };
const CONFIDENCE = { minConfidence: { default: 0.7 } };

it('is not looked at where nothing more is asked of answers than by default', async () => {
  expect(await look({}, OPENCX)).toBeUndefined();
  expect(await look({ minConfidence: { default: 0 } }, OPENCX)).toBeUndefined();
});

it.each<[string, Partial<Sureness>, AiConfig, AiConfig[], object]>([
  ['is fine where the AI gives both', { ...SOURCES, ...CONFIDENCE }, KNOWLEDGE, [], { level: 'ok' }],
  [
    'warns where every answer would be held back',
    SOURCES,
    OPENCX,
    [],
    { level: 'warning', message: expect.stringMatching(/^opencx names no sources/) },
  ],
  [
    'warns where no answer would be, of a fallback too',
    CONFIDENCE,
    KNOWLEDGE,
    [OPENCX],
    { level: 'warning', message: expect.stringMatching(/^opencx reports no confidence/) },
  ],
  ['says what it can’t know', CONFIDENCE, HTTP, [], { level: 'info' }],
])('%s', async (_, sureness, ai, fallbacks, expected) => {
  expect(await look(sureness, ai, fallbacks)).toMatchObject({ check: 'sure answers', ...expected });
});

it('looks at a portal’s own AI, and at what portals that install the app get', () => {
  const plain = { accessToken: 'pat', settings: settings(), aiFields: { contact: [], ticket: [] } };
  const own = { ...plain, ai: KNOWLEDGE, settings: settings({ sureness: { ...strict } }) };
  const [ofOwn] = surenessChecks({ ai: OPENCX, aiFallbacks: [], portals: [own, plain], oauth: null });
  expect(ofOwn?.run()).toMatchObject({ level: 'ok' });
  const oauth = { portalDefaults: { ...DEFAULT_SETTINGS, sureness: strict } } as never;
  const [ofInstalled] = surenessChecks({ ai: OPENCX, aiFallbacks: [], portals: [], oauth });
  expect(ofInstalled?.run()).toMatchObject({ level: 'warning' });
});

const strict: Sureness = { minConfidence: { default: 0.5 }, needsSources: { default: true }, otherwise: 'handoff' };
