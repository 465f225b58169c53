import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import type { Tracing } from './tracing.ts';

/**
 * Makes each request of a route a span, from its head to the end of its answer; below the caller's, where it says
 * one.
 */
export const tracedRequests =
  (tracing: Tracing, route: string): RequestHandler =>
  (request, response, next) => {
    const { traceparent, tracestate } = request.headers;
    const parent = {
      ...(traceparent ? { traceparent: String(traceparent) } : {}),
      ...(tracestate ? { tracestate: String(tracestate) } : {}),
    };
    const attributes = { 'http.request.method': request.method, 'http.route': route };
    // Nothing here can fail: what goes wrong below is answered there, and its status noted.
    void tracing.span(
      `${request.method} ${route}`,
      { kind: 'server', attributes, ...(traceparent ? { parent } : {}) },
      () =>
        new Promise<void>((ended) => {
          const close = (): void => {
            if (response.headersSent) tracing.note({ 'http.response.status_code': response.statusCode });
            ended();
          };
          // Node calls it from its socket, outside of the span.
          response.once('close', AsyncLocalStorage.bind(close));
          next();
        }),
    );
  };
