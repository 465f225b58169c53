import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOverview, type OverviewSources } from '../../src/api/ops/overview.ts';
import { opsPage } from '../../src/api/ops/page.ts';
import { temporalLinks } from '../../src/api/ops/temporal-links.ts';
import { createVisits, VISIT_MS } from '../../src/api/ops/visits.ts';
import type { ThreadId } from '../../src/hubspot/ids.ts';
import { someOutcomes, someoneWaits } from '../support/outcomes.ts';
import { type Api, portal, portalId, startApi } from './support.ts';

const TOKEN = 'the-token-of-operations-page';

describe('without OPS_TOKEN', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it.each(['/ops', '/ops/style.css', '/ops/icon.svg', '/ops/login', '/ops/retry'])(
    '%s does not exist',
    async (path) => {
      const answers = [await fetch(api.url + path), await fetch(api.url + path, { method: 'POST' })];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    },
  );
});

describe('a visit', () => {
  let now = 1_000_000;
  const visits = createVisits(TOKEN, () => now);

  it('is good for half a day', () => {
    const visit = visits.begin();
    expect(visits.isGood(visit)).toBe(true);
    now += VISIT_MS - 1;
    expect(visits.isGood(visit)).toBe(true);
    now += 1;
    expect(visits.isGood(visit)).toBe(false);
  });

  it('is good in every process with this token, and in none with another', () => {
    const visit = visits.begin();
    expect(createVisits(TOKEN, () => now).isGood(visit)).toBe(true);
    expect(createVisits(`${TOKEN}-new`, () => now).isGood(visit)).toBe(false);
  });

  it('can’t be made longer, or made up', () => {
    const [until = '', nonce, signature] = visits.begin().split('.');
    for (const forged of [
      `${Number(until) + 1}.${nonce}.${signature}`,
      `${until}.${nonce}.${signature?.slice(0, -1)}`,
      `${until}.${nonce}.`,
      '',
      undefined,
    ]) {
      expect(visits.isGood(forged)).toBe(false);
    }
  });

  it('keeps the name that its visitor gave, which nobody can change', () => {
    expect(visits.nameOf(visits.begin())).toBeNull();
    expect(visits.nameOf(visits.begin(' \u202E\u0000'))).toBeNull();
    const visit = visits.begin('  Zoë\n\u202E<b> ');
    expect(visits.nameOf(visit)).toBe('Zoë <b>');
    expect(visits.isGood(visit)).toBe(true);
    expect([...(visits.nameOf(visits.begin('🦊'.repeat(500))) ?? '')].length).toBeLessThanOrEqual(60);
    const [until, id, , signature] = visit.split('.');
    const forged = [until, id, Buffer.from('Bob').toString('base64url'), signature].join('.');
    for (const wrong of [forged, [until, id, signature].join('.')]) {
      expect([visits.isGood(wrong), visits.nameOf(wrong)]).toEqual([false, null]);
    }
  });

  it('has a form key of its own', () => {
    const [one, another] = [visits.begin(), visits.begin()];
    expect(visits.isFormKey(one, visits.formKey(one))).toBe(true);
    expect(visits.isFormKey(one, visits.formKey(another))).toBe(false);
    expect(visits.isFormKey(one, '')).toBe(false);
  });

  it('takes the token, all of it', () => {
    expect([TOKEN, TOKEN.slice(1), `${TOKEN} `, ''].map(visits.isToken)).toEqual([true, false, false, false]);
  });
});

describe('the page', () => {
  const sources: OverviewSources = {
    runs: {
      needingAttention: async () => ({
        runs: [
          {
            workflowId: '"><script>alert(1)</script>',
            runId: 'r',
            cause: 'ai-failed',
            portalId: '1',
            threadId: '10',
            startedAt: new Date(0),
            isOpen: false,
            canBeRepeated: true,
          },
        ],
        more: false,
      }),
      skips: async () => ({
        days: ['2026-01-30', '2026-01-31'],
        reasons: [{ reason: 'too-old', total: 3, counts: [1, 2] }],
      }),
      lastEvent: async () => null,
    },
    sessions: async () => ({
      counts: [{ portalId: portalId('1'), state: 'paused', count: 1 }],
      latest: [{ portalId: portalId('1'), threadId: '10' as ThreadId, state: 'paused', activeAt: new Date(0) }],
    }),
    waits: async () => someoneWaits,
    outcomes: async () => someOutcomes(),
    stops: async () => [],
    configured: [portal('1')],
    installed: null,
  };
  const failed: unknown[] = [];
  const shown = async (changes: Partial<OverviewSources>, uiUrl: string | null = null) => {
    const overview = createOverview({ ...sources, ...changes }, (error) => failed.push(error));
    const around = { formKey: 'key', notice: null, installPath: '/oauth/install', now: new Date(0) };
    return opsPage(await overview(), { links: temporalLinks(uiUrl, 'a/b'), ...around }).text;
  };

  it('escapes whatever is in it', async () => {
    const text = await shown({}, 'https://t.example.com');
    expect(text).not.toContain('<script');
    expect(text).toContain('/namespaces/a%2Fb/workflows/%22%3E%3Cscript%3E');
  });

  it('has no link into a Web UI whose address nobody told', async () => {
    expect(await shown({})).not.toContain('/namespaces/');
  });

  it('opens with counts of what matters, and what is not known', async () => {
    const text = await shown({ drafts: async () => ({ shown: [], count: 3, more: true, showText: false }) });
    const tiles = [...text.matchAll(/<li class="tile (\w+)"><a href="([^"]*)"><strong>([^<]*)/g)].map(
      ([, ...tile]) => tile,
    );
    expect(tiles).toEqual([
      ['urgent', '#who-waits-now', '2'],
      ['urgent', '/ops/drafts', '3+'],
      ['calm', '#needs-attention', '0'],
      ['urgent', '#needs-attention', '1'],
      ['calm', '#outcomes', '9'],
    ]);
    const away = await shown({ waits: () => Promise.reject(new Error('away')) });
    expect(away).toContain('<li class="tile unknown"><a href="#who-waits-now"><strong>?</strong>');
  });

  it('begins with who waits, how long, and a way there', async () => {
    const text = await shown({});
    expect(text.indexOf('Who waits now')).toBeLessThan(text.indexOf('Emergency stop'));
    expect(text).toContain('2 customers wait');
    expect(text).toContain('href="https://app.hubspot.com/live-messages/62515/inbox/6065362089"');
    expect(await shown({ waits: async () => ({ count: 0, longest: [] }) })).toContain('Nobody: each thread');
  });

  it('shows customers’ words only where they were read for it, and escapes them', async () => {
    expect(await shown({})).not.toContain('Mars');
    const text = await shown({ outcomes: async () => someOutcomes({ showText: true }) });
    expect(text).toContain('Do you &lt;b&gt;ship&lt;/b&gt; to Mars?');
  });

  it('says why outcomes can’t be seen, once, and shows the rest', async () => {
    const text = await shown({ outcomes: null, waits: () => Promise.reject(new Error('away')) });
    expect(text).toContain('The sessions are in the embedded database of another process');
    expect(text).toContain('The session database doesn&#39;t answer');
    expect(text).not.toContain('Knowledge gaps');
    expect(text).toContain('Emergency stop');
  });

  it('says the numbers of its charts to those who don’t see them', async () => {
    expect(await shown({})).toContain('aria-label="01-30: 1, 01-31: 2"');
  });

  it('offers to stop the AI, everywhere or in one portal', async () => {
    const text = await shown({});
    expect(text).toContain('<option value="all">every portal</option><option value="1">portal 1</option>');
    expect(text).not.toContain('role="alert"');
  });

  it('says first of all where the AI is stopped, by whom, and how to end it', async () => {
    const at = new Date(0);
    const text = await shown({ stops: async () => [{ scope: 'all', by: '<b>', at }] });
    expect(text).toMatch(/role="alert" class="problem">The AI is stopped/);
    expect(text).toContain('<td>&lt;b&gt;</td>');
    expect(text).toContain('aria-label="End the stop of every portal"');
    expect(text).not.toContain('aria-label="Stop the AI"');
    const ofOne = await shown({ stops: async () => [{ scope: portalId('1'), by: 'me', at }] });
    expect(ofOne).toContain('<option value="all">every portal</option></select>');
  });

  it('names the command where this process has no database', async () => {
    expect(await shown({ stops: null })).toContain('npm run stop');
  });

  it('shows the rest where a part can’t be read, and says so there', async () => {
    const away = new Error('down');
    const text = await shown({ sessions: () => Promise.reject(away) });
    expect(text).toContain('The session database doesn&#39;t answer');
    expect(text).toContain('too-old');
    expect(failed).toContain(away);
    expect(await shown({ sessions: null })).toContain('embedded database of another process');
  });

  it('says what was read of each source of articles, when, and what failed; nothing where there are none', async () => {
    const read = {
      source: 'help <b>',
      version: 'v',
      articles: 12,
      leftOut: 2,
      leftOutExample: 'a.pdf: it holds no text',
      readAt: new Date('2026-02-03T04:05:06Z'),
      triedAt: new Date('2026-02-03T05:05:06Z'),
      problem: 'The disk is away',
      settings: 's',
    };
    const text = await shown({ knowledge: async () => [read] });
    for (const words of ['help &lt;b&gt;', '>12<', '2026-02-03 04:05', 'The disk is away', 'a.pdf: it holds no text']) {
      expect(text).toContain(words);
    }
    const away = new Error('away');
    expect(await shown({ knowledge: () => Promise.reject(away) })).toContain('The session database doesn&#39;t answer');
    for (const none of [{}, { knowledge: async () => [] }]) expect(await shown(none)).not.toContain('>Knowledge<');
  });
});
