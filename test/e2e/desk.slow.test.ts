import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { WrittenIds } from '../../dev/simulator/simulator.ts';
import { AiRefused } from '../../src/ai/errors.ts';
import type { TestQuestionResult } from '../../src/runs/test-question.ts';
import { useProduct } from '../support/product.ts';
import { PORTAL_ID } from '../support/simulator.ts';
import { useTemporal } from '../support/temporal.ts';

const TOKEN = 'the-token-of-operations-page';

const temporal = useTemporal();
const product = useProduct(temporal, {
  AUTONOMY: 'approve',
  OPS_TOKEN: TOKEN,
  OPS_SHOW_TEXT: 'true',
});

let cookie = '';
const page = async (path: string): Promise<string> =>
  await (await fetch(`${product.apiUrl}${path}`, { headers: { cookie } })).text();
const send = async (path: string, fields: [string, string][], headers: Record<string, string> = { cookie }) =>
  await fetch(`${product.apiUrl}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  });
const hiddenIn = (text: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';

beforeAll(async () => {
  const answer = await fetch(`${product.apiUrl}/ops/login`, {
    method: 'POST',
    body: new URLSearchParams({ token: TOKEN, name: 'Ann <b>' }),
    redirect: 'manual',
  });
  cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
});

/** A message whose draft is on the page. */
const drafted = async (text: string): Promise<WrittenIds & { item: string }> => {
  const asked = product.simulator.customerWrites({ channel: 'chat', text });
  for (;;) {
    const item = new RegExp(`name="item" value="([\\w-]+/${product.workflowIdOf(asked)})"`).exec(
      await page('/ops/drafts'),
    )?.[1];
    if (item) return { ...asked, item };
    await delay(50);
  }
};
const act = async (fields: [string, string][]): Promise<string> => {
  const key = hiddenIn(await page('/ops/drafts'), 'key');
  return await (await send('/ops/act', [['key', key], ...fields])).text();
};
const storyOf = async (asked: WrittenIds): Promise<string> => {
  const handle = temporal.client.workflow.getHandle(product.workflowIdOf(asked));
  return (await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
};
const customerGot = (threadId: string): string[] =>
  product.postedBy(threadId).flatMap((item) => (item.type === 'MESSAGE' && 'text' in item ? [item.text] : []));

describe('drafts on the desk', () => {
  it('are shown with their words, and go out once approved, with who it was in the story', async () => {
    const asked = await drafted('Where is <i>it</i>?');
    const shown = await page('/ops/drafts');
    expect(shown).toContain('You asked: Where is &lt;i&gt;it&lt;/i&gt;?');
    expect(
      await act([
        ['action', 'send'],
        ['item', asked.item],
      ]),
    ).toContain('Sent to the customer.');
    expect(customerGot(asked.threadId)).toEqual(['You asked: Where is <i>it</i>?']);
    expect(await storyOf(asked)).toContain('decided by Ann <b> on /ops: send');
    const conversation = await page(`/ops/conversations/${PORTAL_ID}/${asked.threadId}`);
    expect(conversation).toContain('Decided by Ann &lt;b&gt; on /ops: send');
    expect(
      await act([
        ['action', 'send'],
        ['item', asked.item],
      ]),
    ).toContain('No draft waits for a decision.');
  });

  it('are those that were seen: of another run of the message nothing goes out', async () => {
    const asked = await drafted('Again?');
    const item = asked.item.replace(/^[^/]+/, '00000000-0000-4000-8000-000000000000');
    const refused = await act([
      ['action', 'send'],
      ['item', item],
    ]);
    expect(refused).toContain('No draft waits for a decision.');
    expect(customerGot(asked.threadId)).toEqual([]);
    await act([
      ['action', 'skip'],
      ['item', asked.item],
    ]);
  });

  it('go out in the words of a person', async () => {
    const asked = await drafted('How long?');
    expect(
      await act([
        ['action', 'edit'],
        ['item', asked.item],
        ['words', 'Three days.'],
      ]),
    ).toContain('Sent');
    expect(customerGot(asked.threadId)).toEqual(['Three days.']);
  });

  it('are asked about before several are decided, and each says what came of it', async () => {
    const [one, two] = [await drafted('One?'), await drafted('Two?')];
    const gone = one.item.replace(/[^-]+$/, 'gone');
    const items = [one.item, two.item, gone].map((item): [string, string] => ['item', item]);
    const question = await act([['action', 'skip'], ...items]);
    expect(question).toContain('Skip: all 3');
    expect(product.postedBy(one.threadId)).toHaveLength(1);
    const done = await act([['action', 'skip'], ['confirmed', 'yes'], ...items]);
    expect(done).toContain('Skip: 2 of 3 done.');
    expect(done.match(/No draft waits for a decision/g)).toHaveLength(1);
    expect(await product.resultOf(two)).toMatchObject({ outcome: 'skipped', reason: 'skipped-by-agent' });
  });

  it('are decided by a page of the visit alone', async () => {
    const asked = await drafted('Mine?');
    const fields: [string, string][] = [
      ['action', 'send'],
      ['item', asked.item],
    ];
    const key = hiddenIn(await page('/ops/drafts'), 'key');
    const refused = [
      await send('/ops/act', fields),
      await send('/ops/act', [['key', 'another'], ...fields]),
      await send('/ops/act', [['key', key], ...fields], {}),
      await send('/ops/act', [['key', key], ...fields], { cookie, 'sec-fetch-site': 'cross-site' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([303, 303, 303, 303]);
    expect(customerGot(asked.threadId)).toEqual([]);
    await act([
      ['action', 'skip'],
      ['item', asked.item],
    ]);
  });

  it.each([
    [[['action', 'send']], 'nothing was chosen'],
    [
      [
        ['action', 'burn'],
        ['item', 'r/message:1:2-m'],
      ],
      'no action that there is',
    ],
    [
      [
        ['action', 'send'],
        ['item', 'message'],
      ],
      'that is no run',
    ],
    [
      [
        ['action', 'edit'],
        ['item', 'r/message:1:2-m'],
        ['words', ' '],
      ],
      'write the words',
    ],
    [[['action', 'skip'], ...Array.from({ length: 51 }, (_, at) => ['item', `r/message:1:2-m${at}`])], 'at most 50'],
  ] as [[string, string][], string][])('do nothing for a form that makes no sense: %j', async (fields, why) => {
    expect(await act(fields)).toContain(why);
  });
});

describe('conversations on the desk', () => {
  it('are found by outcome, number and words, and paused by the same command as agents have', async () => {
    const asked = await drafted('Do you sell left-handed teapots?');
    await act([
      ['action', 'skip'],
      ['item', asked.item],
    ]);
    await product.resultOf(asked);
    const finds = async (query: string): Promise<boolean> =>
      (await page(`/ops/conversations?${query}`)).includes(`/ops/conversations/${PORTAL_ID}/${asked.threadId}"`);
    while (!(await finds('outcome=skipped'))) await delay(50);
    expect(await finds('q=TEAPOTS')).toBe(true);
    expect(await finds('q=kettles')).toBe(false);
    expect(await finds(`q=${asked.threadId}`)).toBe(true);
    expect(await finds('reason=skipped-by-agent&channel=live+chat')).toBe(true);
    expect(await finds('outcome=replied')).toBe(false);
    expect(await finds('period=yesterday')).toBe(false);

    const paused = await act([
      ['action', 'pause'],
      ['item', asked.item],
      ['length', '2h'],
    ]);
    expect(paused).toContain('Paused for 2h.');
    const again = product.simulator.customerWrites({ channel: 'chat', text: 'Hello?', threadId: asked.threadId });
    expect(await product.resultOf(again)).toMatchObject({ outcome: 'skipped', reason: 'paused' });
    const shown = await page(`/ops/conversations/${PORTAL_ID}/${asked.threadId}`);
    expect(shown).toContain('<strong>Ann &lt;b&gt; on /ops</strong>: paused for 2h');
  });
});

describe('a question that is tried', () => {
  const tried = async (question: string): Promise<string> => {
    const form = await page('/ops/test');
    const fields = {
      key: hiddenIn(form, 'key'),
      once: hiddenIn(form, 'once'),
      portal: PORTAL_ID,
      channel: 'live chat',
    };
    const answer = await send('/ops/test', Object.entries({ ...fields, question }));
    return answer.headers.get('location') ?? '';
  };
  const resultOf = async (path: string): Promise<TestQuestionResult> => {
    const [portalId, id] = path.split('/').slice(-2);
    return (await product.client.workflow.getHandle(`test:${portalId}:${id}`).result()) as TestQuestionResult;
  };

  it('is answered by a worker, shows what would become of it, and is saved as a case', async () => {
    const before = product.simulator.threads().length;
    const path = await tried('Do you <u>ship</u>?');
    expect(await resultOf(path)).toMatchObject({ outcome: 'tested', would: 'approve' });
    const shown = await page(path);
    expect(shown).toContain('You asked: Do you &lt;u&gt;ship&lt;/u&gt;?');
    expect(shown).toContain('asked by Ann &lt;b&gt; on /ops');
    const download = await fetch(`${product.apiUrl}${path}/case.yaml`, { headers: { cookie } });
    expect(download.headers.get('content-disposition')).toBe('attachment; filename="case.yaml"');
    expect(await download.text()).toContain('customer: Do you <u>ship</u>?');
    // Nobody has got anything, and no session knows of it.
    expect(product.simulator.threads()).toHaveLength(before);
    const asked = product.ai.asked.at(-1);
    expect(asked).toMatchObject({ questions: ['Do you <u>ship</u>?'], contactId: null, transcript: [] });
  });

  it('says that the AI gave no answer, and which question makes no sense', async () => {
    const echo = product.ai.answer;
    product.ai.answer = () => {
      throw new AiRefused('The key is wrong');
    };
    const path = await tried('Where is my order?');
    expect(await resultOf(path)).toMatchObject({ would: 'no-answer' });
    product.ai.answer = echo;
    expect(await page(path)).toContain('The AI gave no answer: The key is wrong');
    const form = await page('/ops/test');
    const empty = await send('/ops/test', [
      ['key', hiddenIn(form, 'key')],
      ['portal', '999'],
      ['question', 'x'],
      ['channel', 'email'],
    ]);
    expect(await empty.text()).toContain('Write a question, and choose a portal');
  });

  it('is for those alone who have signed in', async () => {
    for (const path of [
      '/ops/test',
      '/ops/drafts',
      '/ops/conversations',
      '/ops/settings',
      '/ops/test/1/abcdefgh/case.yaml',
    ]) {
      const answer = await (await fetch(`${product.apiUrl}${path}`)).text();
      expect(answer).toContain('type="password"');
      expect(answer).toContain(`name="next" value="${path}"`);
    }
  });
});
