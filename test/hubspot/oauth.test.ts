import { afterEach, describe, expect, it } from '@jest/globals';
import { HubSpotUnavailable, TokenEndpointFailed } from '../../src/hubspot/errors.ts';
import { createOAuthClient, GrantRefused, type OAuthClient } from '../../src/hubspot/oauth.ts';
import { goodGrant, type TokenAnswer, tokenEndpoint } from '../support/token-endpoint.ts';

const SECRET = 'the-client-secret';

let close: () => Promise<void> = async () => {};
afterEach(() => close());

const clientOf = async (...answers: [TokenAnswer, ...TokenAnswer[]]): Promise<OAuthClient> => {
  const endpoint = await tokenEndpoint(...answers);
  close = endpoint.close;
  const app = { clientId: 'client-id', clientSecret: SECRET, redirectUrl: 'https://example.com/oauth/callback' };
  return createOAuthClient({ apiUrl: endpoint.url, apiVersion: 'v3', app, timeoutMs: 5_000 });
};

const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('no failure'),
    (error) => error,
  );

const json = (status: number, body: unknown): TokenAnswer => ({ status, body });
const page = (status: number, headers: Record<string, string> = {}): TokenAnswer => ({
  status,
  body: '<html><body>Not for you: invalid_grant BAD_REFRESH_TOKEN</body></html>',
  headers,
});

describe('a refresh token', () => {
  it.each([
    ['as HubSpot does', json(400, { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN', message: 'unknown token' })],
    ['by its code alone', json(400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' })],
    ['by the code of OAuth alone', json(400, { error: 'invalid_grant' })],
    ['beside a status that is no code', json(400, { status: 'error', error: 'invalid_grant', message: 'revoked' })],
    ['with 401', json(401, { status: 'BAD_REFRESH_TOKEN' })],
    ['with 403', json(403, { status: 'EXPIRED_REFRESH_TOKEN', error: 'invalid_grant' })],
  ])('is refused where HubSpot says so %s', async (_, answer) => {
    const error = await failure((await clientOf(answer)).refresh('r'));
    expect(error).toBeInstanceOf(GrantRefused);
    expect(error.message).toMatch(/^HubSpot answered 40[013]: /);
  });

  it.each([
    ['the client secret', json(400, { status: 'BAD_CLIENT_SECRET', message: 'missing or unknown' }), 'CLIENT_SECRET'],
    ['the client secret, as OAuth does', json(401, { error: 'invalid_client' }), 'HUBSPOT_CLIENT_ID'],
    [
      'the client secret, with the code of a dead grant',
      json(400, { error: 'invalid_grant', status: 'BAD_CLIENT_SECRET' }),
      'HUBSPOT_CLIENT_SECRET',
    ],
    ['the client id', json(400, { status: 'BAD_CLIENT_ID' }), 'HUBSPOT_CLIENT_ID'],
    ['the client id, with 403', json(403, { status: 'BAD_CLIENT_ID', error: 'unauthorized_client' }), 'CLIENT_ID'],
    ['the redirect URL', json(400, { status: 'BAD_REDIRECT_URI' }), 'HUBSPOT_REDIRECT_URL'],
    ['the kind of grant', json(400, { status: 'BAD_GRANT_TYPE', error: 'unsupported_grant_type' }), 'API_VERSION'],
    ['the request', json(400, { status: 'error', category: 'VALIDATION_ERROR', message: 'no' }), 'HUBSPOT_API_URL'],
    ['the path', json(404, { status: 'error', category: 'OBJECT_NOT_FOUND' }), 'HUBSPOT_API_URL'],
  ])('is not refused where HubSpot refuses %s, and it says what to check', async (_, answer, setting) => {
    const error = await failure((await clientOf(answer)).refresh('r'));
    expect(error).toBeInstanceOf(TokenEndpointFailed);
    expect(error.message).toContain(setting);
  });

  it.each([
    ['a firewall’s page', page(403)],
    ['a firewall’s page, said to be JSON', page(403, { 'content-type': 'application/json' })],
    ['a proxy that wants a login', page(401, { 'www-authenticate': 'Basic realm="proxy"' })],
    ['a proxy that wants its own login', page(407, { 'proxy-authenticate': 'Basic realm="proxy"' })],
    ['a proxy’s own JSON', json(407, { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' })],
    ['a gateway’s JSON', json(403, { message: 'Forbidden' })],
    ['half of HubSpot’s JSON', { status: 400, body: '{"error":"invalid_grant","status":"BAD_REFRESH_TOKEN"' }],
    ['a list', json(400, [{ error: 'invalid_grant' }])],
    ['null', json(400, null)],
    ['text in JSON', json(400, 'BAD_REFRESH_TOKEN')],
    ['a number for a code', json(400, { status: 400, error: 400 })],
    ['nothing', { status: 400 }],
    ['a login page, by a redirect', { status: 302, headers: { location: 'https://login.example.com/' } }],
    ['a login page, with 200', page(200)],
    ['tokens without a portal', goodGrant('x', { hub_id: undefined })],
    ['no content', { status: 204 }],
  ])('is not refused by %s', async (_, answer) => {
    const error = await failure((await clientOf(answer)).refresh('r'));
    expect(error).toBeInstanceOf(HubSpotUnavailable);
    expect(error).toBeInstanceOf(TokenEndpointFailed);
    expect(error.message).toMatch(/let the firewall or proxy|refuses the app/);
    expect(error.message).not.toContain('<');
  });

  it.each([408, 429, 500, 502, 503])('is tried again after a %i, whatever comes with it', async (status) => {
    const answer = json(status, { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' });
    const error = await failure((await clientOf(answer)).refresh('r'));
    expect(error).toBeInstanceOf(HubSpotUnavailable);
    expect(error).not.toBeInstanceOf(TokenEndpointFailed);
  });
});

describe('a code', () => {
  it.each([
    json(400, { error: 'invalid_grant', status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' }),
    json(400, { error: 'invalid_grant' }),
  ])('is refused where HubSpot says so', async (answer) => {
    expect(await failure((await clientOf(answer)).exchange('c'))).toBeInstanceOf(GrantRefused);
  });

  it('is good where only our redirect URL is wrong', async () => {
    const answer = json(400, { error: 'invalid_grant', status: 'MISMATCH_REDIRECT_URI_AUTH_CODE' });
    const error = await failure((await clientOf(answer)).exchange('c'));
    expect(error).toBeInstanceOf(TokenEndpointFailed);
    expect(error.message).toContain('HUBSPOT_REDIRECT_URL');
  });

  it('brings tokens, and what the app may do', async () => {
    const client = await clientOf(goodGrant('a', { scopes: ['oauth', 'tickets'] }), goodGrant('b', { scopes: 'odd' }));
    expect(await client.exchange('c')).toEqual({
      portalId: '62515',
      accessToken: 'access-a',
      refreshToken: 'refresh-a',
      expiresInMs: 1_800_000,
      scopes: ['oauth', 'tickets'],
    });
    expect(await client.exchange('c')).not.toHaveProperty('scopes');
  });
});
