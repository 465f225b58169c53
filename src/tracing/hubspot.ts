import type { HubSpotHttpOptions } from '../hubspot/http.ts';
import type { Tracing } from './tracing.ts';

/** Makes each call of HubSpot's API a span, by its method and its path's template: ids and queries stay out. */
export const tracedCalls = (tracing: Tracing, apiUrl: string): NonNullable<HubSpotHttpOptions['around']> => {
  const { hostname } = new URL(apiUrl);
  return (method, template, call) => {
    const attributes = { 'http.request.method': method, 'url.template': template, 'server.address': hostname };
    return tracing.span(`${method} ${template}`, { kind: 'client', attributes }, call);
  };
};
