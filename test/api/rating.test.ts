import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { ratingRoutes } from '../../src/api/rating/routes.ts';
import { type Listening, listen } from '../../src/api/server.ts';
import { createLogger } from '../../src/logging.ts';
import type { Rate } from '../../src/temporal/ratings.ts';

let server: Listening;
let rated: unknown[] = [];
let rate: Rate;
const lines: string[] = [];

beforeAll(async () => {
  const app = express();
  const logger = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
  const asks = async (portalId: string) => portalId === '62515';
  app.use(ratingRoutes({ rate: (closing, given) => rate(closing, given), asks, logger }));
  server = await listen(app, { port: 0, host: '127.0.0.1' });
});
afterAll(() => server.close());
beforeEach(() => {
  rated = [];
  rate = async (closing, given) => {
    rated.push({ ...closing, ...given });
    return 'rated';
  };
});

const TOKEN = '0f8fad5b-d9cb-469f-a165-70867728950e';
let closings = 0;
/** A closing that no other test uses: each has tries of its own. */
const link = (portal = '62515'): string => {
  closings += 1;
  return `/rate/${portal}/987-e${closings}/${TOKEN}`;
};
const get = (path: string) => fetch(`${server.url}${path}`);
const post = (path: string, body = 'score=4', headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });

describe('the rating page', () => {
  it('is shown as often as anybody follows the link, changes nothing and is kept by nobody', async () => {
    const path = link();
    for (let times = 0; times < 20; times += 1) expect((await get(path)).status).toBe(200);
    const page = await get(path);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
    });
    const html = await page.text();
    expect(html.match(/<button name="score" value="[1-5]">/g)).toHaveLength(5);
    expect(html).toContain('<html lang="en">');
    expect(html).not.toContain('Threadkeeper');
    expect(html).not.toContain(TOKEN);
    expect(rated).toEqual([]);
  });

  it.each([
    ['de', 'de', 'Wie gut war unsere Hilfe?'],
    ['pl', 'pl', 'Jak dobra'],
    ['xx', 'en', 'How good'],
    ['constructor', 'en', 'How good'],
  ])('is in the language of the link: %s', async (asked, language, words) => {
    const html = await (await get(`${link()}?lang=${asked}`)).text();
    expect(html).toContain(`<html lang="${language}">`);
    expect(html).toContain(words);
  });

  it('takes a score', async () => {
    const path = link();
    const answer = await post(`${path}?lang=fr`, 'score=4');
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Merci')]);
    expect(rated).toEqual([{ portalId: '62515', threadId: '987', eventId: `e${closings}`, token: TOKEN, score: 4 }]);
  });

  it.each(['', 'score=', 'score=0', 'score=6', 'score=4.5', 'score=abc', 'score=4&score=5', 'score[a]=4', 'other=4'])(
    'asks again where the form says %j',
    async (body) => {
      const answer = await post(link(), body);
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('<button name="score"')]);
      expect(rated).toEqual([]);
    },
  );

  it('refuses a body that is too long, or of another kind', async () => {
    expect((await post(link(), `score=4&x=${'x'.repeat(2_000)}`)).status).toBe(413);
    expect((await post(link(), '{"score":4}', { 'Content-Type': 'application/json' })).status).toBe(400);
    expect((await post(link(), 'score=4', { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect(rated).toEqual([]);
  });

  it.each([
    ['a portal that asks nobody', () => link('9')],
    ['no portal', () => link('abc')],
    ['no thread', () => `/rate/62515/x-e1/${TOKEN}`],
    ['no event', () => `/rate/62515/987/${TOKEN}`],
    ['no token', () => '/rate/62515/987-e1/..%2f..%2f'],
    ['a workflow of another kind', () => `/rate/62515/987-e1%2Fx/${TOKEN}`],
  ])('of %s says that there is nothing to rate', async (_, of) => {
    const answer = await post(of());
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('Nothing to rate here')]);
    expect(rated).toEqual([]);
  });

  it('says the same where the run has ended or the token is another one', async () => {
    rate = async () => 'over';
    const answer = await post(link());
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('Nothing to rate here')]);
  });

  it('asks to try again where Temporal is away, and logs no token', async () => {
    rate = async () => {
      throw new Error('away');
    };
    const answer = await post(link());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await answer.text()).toContain('Please try again');
    expect(lines.join()).toContain('A rating could not be taken');
    expect(lines.join()).not.toContain(TOKEN);
  });

  it('lets nobody guess at one closing without end, and others rate all the same', async () => {
    let asked = 0;
    rate = async (_, { token }) => {
      asked += 1;
      return token === TOKEN ? 'rated' : 'over';
    };
    const path = link();
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, at) => post(path.replace(TOKEN, `guess-number-${at}`))),
    );
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(asked).toBe(5);
    expect((await post(link())).status).toBe(200);
  });

  it('has a bounded number of ratings under way', async () => {
    const { promise, resolve } = Promise.withResolvers<'rated'>();
    let underWay = 0;
    rate = async () => {
      underWay += 1;
      return await promise;
    };
    let refused = 0;
    const tenRefused = Promise.withResolvers<void>();
    const posts = Array.from({ length: 30 }, async () => {
      const answer = await post(link());
      if (answer.status === 503) refused += 1;
      if (refused === 10) tenRefused.resolve();
      return answer;
    });
    await tenRefused.promise;
    resolve('rated');
    const statuses = (await Promise.all(posts)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(underWay).toBe(20);
  });
});
