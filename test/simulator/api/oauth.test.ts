import { describe, expect, it } from '@jest/globals';
import type { Simulator } from '../../../dev/simulator/simulator.ts';
import { createStage, SECRET } from '../stage.ts';

const stage = createStage();
const REDIRECT = 'https://app.example.com/oauth/callback';

const codeOf = async (simulator: Simulator): Promise<string> => {
  const query = new URLSearchParams({ client_id: 'client-id', redirect_uri: REDIRECT, state: 'a state' });
  const response = await fetch(`${simulator.url}/oauth/authorize?${query}`, { redirect: 'manual' });
  const back = new URL(response.headers.get('location') ?? '');
  expect(back.origin + back.pathname).toBe(REDIRECT);
  expect(back.searchParams.get('state')).toBe('a state');
  return back.searchParams.get('code') ?? '';
};

const ask = async (simulator: Simulator, form: Record<string, string>, version = 'v3') => {
  const body = new URLSearchParams({
    client_id: 'client-id',
    client_secret: SECRET,
    redirect_uri: REDIRECT,
    ...form,
  });
  const response = await fetch(`${simulator.url}/oauth/${version}/token`, { method: 'POST', body });
  // biome-ignore lint/suspicious/noExplicitAny: what the endpoint answers is what the tests look into
  return { status: response.status, body: (await response.json()) as any };
};

const details = async (simulator: Simulator, token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${simulator.url}/account-info/v3/details`, { headers });
  // biome-ignore lint/suspicious/noExplicitAny: what the endpoint answers is what the tests look into
  return { status: response.status, body: (await response.json()) as any };
};

describe('OAuth', () => {
  it.each(['v3', '2026-09'])('gives tokens for a code, once, in %s', async (version) => {
    const simulator = await stage.simulator();
    const code = await codeOf(simulator);
    const exchange = { grant_type: 'authorization_code', code };
    const { status, body } = await ask(simulator, exchange, version);
    expect([status, body]).toEqual([200, expect.objectContaining({ expires_in: 1800, hub_id: 62515 })]);
    expect(await details(simulator, body.access_token)).toMatchObject({ status: 200, body: { portalId: 62515 } });
    expect(await ask(simulator, exchange, version)).toMatchObject({ status: 400, body: { status: 'BAD_AUTH_CODE' } });
  });

  it('gives no tokens for another redirect URL or a wrong secret', async () => {
    const simulator = await stage.simulator();
    const code = await codeOf(simulator);
    const exchange = { grant_type: 'authorization_code', code };
    expect(await ask(simulator, { ...exchange, client_secret: 'wrong' })).toMatchObject({
      status: 400,
      body: { status: 'BAD_CLIENT_SECRET' },
    });
    expect(await ask(simulator, { ...exchange, redirect_uri: 'https://elsewhere.example.com' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('rotates refresh tokens, or keeps them', async () => {
    const simulator = await stage.simulator();
    const { body: first } = await ask(simulator, { grant_type: 'authorization_code', code: await codeOf(simulator) });
    const refresh = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const { body: second } = await ask(simulator, refresh);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await ask(simulator, refresh)).toMatchObject({ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
    simulator.behaviour.rotateRefreshTokens = false;
    const { body: third } = await ask(simulator, { ...refresh, refresh_token: second.refresh_token });
    expect(third.refresh_token).toBe(second.refresh_token);
  });

  it('refuses a token that has ended, and those of an app that was uninstalled', async () => {
    const simulator = await stage.simulator({ behaviour: { tokenSeconds: 0 } });
    const { body } = await ask(simulator, { grant_type: 'authorization_code', code: await codeOf(simulator) });
    expect(await details(simulator, body.access_token)).toMatchObject({
      status: 401,
      body: { category: 'EXPIRED_AUTHENTICATION' },
    });
    simulator.uninstallApp();
    expect(await details(simulator, body.access_token)).toMatchObject({
      status: 401,
      body: { category: 'INVALID_AUTHENTICATION' },
    });
    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    expect(await ask(simulator, refresh)).toMatchObject({ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } });
  });
});
