import { describe, expect, it } from '@jest/globals';
import type { Express, Router } from 'express';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ACTIONS_PATH } from '../../src/api/actions/actions.ts';
import { createApp, WEBHOOK_PATH } from '../../src/api/app.ts';
import { type OAuthDependencies, oauthRoutes } from '../../src/api/oauth.ts';
import { type RatingDependencies, ratingRoutes } from '../../src/api/rating/routes.ts';
import { ACTIONS } from '../../src/runs/follow-action.ts';
import { firstColumn, section } from '../docs/markdown.ts';
import { hasHelm, itWithHelm, type Manifest, render } from './chart.ts';

interface Layer {
  route?: { path: string | string[] };
  handle: { stack?: Layer[] };
}

const pathsIn = (layers: Layer[]): string[] =>
  layers.flatMap(({ route, handle }) => (route ? [route.path].flat() : pathsIn(handle.stack ?? [])));

/** Every path of the API's port, where metrics and the desk are on one of their own. */
const served = (): string[] => {
  const logger = pino({ enabled: false });
  const app: Express = createApp({
    settings: {
      publicUrl: 'https://threadkeeper.example.com/webhooks/hubspot',
      secrets: [],
      allowSignatureV1: false,
      portals: [],
      bulkRunsPerSecond: 0,
    },
    starter: { start: async () => 'started', dispatch: async () => 'started' },
    readiness: async () => {},
    registry: new Registry(),
    logger,
    opsApart: true,
    rating: ratingRoutes({ logger } as RatingDependencies),
    oauth: oauthRoutes({ logger, redirectUrl: 'https://threadkeeper.example.com/oauth/callback' } as OAuthDependencies),
  });
  return [...new Set(pathsIn((app.router as Router & { stack: Layer[] }).stack))];
};

/** What answers whether the API works, to anybody. */
const HEALTH = ['/healthz', '/readyz'];
const forStrangers = served().filter((path) => !HEALTH.includes(path));

/** Says whether a path is one of `published`, or below one that ends with a slash. */
const isPublished = (published: readonly string[], path: string): boolean =>
  published.some((one) => path === one || (one.endsWith('/') && path.startsWith(one)));

const publishedBy = (manifests: Manifest[]): string[] => {
  const ingress = manifests
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ spec }) => spec.rules?.flatMap(({ http }) => http?.paths ?? []) ?? [])
    .map(({ path, pathType }) => (pathType === 'Prefix' ? `${path}/` : path));
  const route = manifests
    .filter(({ kind }) => kind === 'HTTPRoute')
    .flatMap(({ spec }) => spec.rules?.flatMap(({ matches }) => matches ?? []) ?? [])
    .map(({ path: { type, value } }) => (type === 'PathPrefix' ? `${value}/` : value));
  expect(route).toEqual(ingress);
  return ingress;
};

describe('What strangers may reach', () => {
  it('is what the API serves, and what docs/proxy.md lists', () => {
    expect(forStrangers).toEqual(
      expect.arrayContaining([WEBHOOK_PATH, ...ACTIONS.map((action) => `${ACTIONS_PATH}/${action}`)]),
    );
    const listed = firstColumn(section('docs/proxy.md', 'What strangers may reach'));
    expect(listed.length).toBeGreaterThan(4);
    expect(forStrangers.filter((path) => !isPublished(listed, path))).toEqual([]);
    // None that is no more.
    expect(listed.filter((one) => !forStrangers.some((path) => isPublished([one], path)))).toEqual([]);
  });

  const published = (...values: string[]) =>
    render(
      'settings.TEMPORAL_ADDRESS=temporal:7233',
      'existingSecret=threadkeeper',
      'ingress.enabled=true',
      'ingress.host=threadkeeper.example.com',
      'gateway.enabled=true',
      'gateway.parentRefs[0].name=public',
      ...values,
    ).then(publishedBy);

  itWithHelm(`is what the chart publishes${hasHelm ? '' : ' (skipped: helm is not installed)'}`, async () => {
    const withOAuth = await published('settings.HUBSPOT_CLIENT_ID=id');
    expect(forStrangers.filter((path) => !isPublished(withOAuth, path))).toEqual([]);
    for (const path of [...HEALTH, '/ops', '/ops/login', '/metrics', '/']) {
      expect([path, isPublished(withOAuth, path)]).toEqual([path, false]);
    }
    const without = await published();
    expect(forStrangers.filter((path) => !isPublished(without, path))).toEqual(['/oauth/install', '/oauth/callback']);
    expect(await published('ingress.extraPaths={/a}', 'gateway.extraPaths={/a}')).toEqual([...without, '/a']);
  });
});
