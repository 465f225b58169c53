/** What goes from process to process of a trace: W3C Trace Context, `traceparent` and `tracestate`. */
export type TraceContext = Readonly<Record<string, string>>;

/** Values that a span may hold. Never a word of a customer, a query's values, a token or an error's message. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** `server` and `consumer` take work up, `client` and `producer` give it away. */
  kind: 'server' | 'client' | 'producer' | 'consumer';
  attributes?: SpanAttributes;
  /** The span above, where it is another process's; unless given, the current one. */
  parent?: TraceContext;
}

/** Traces of what this process does. Where tracing is off there is none of it. */
export interface Tracing {
  /** Does `work` in a span, which is the current one in everything that `work` awaits; what it throws, it throws. */
  span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** Adds to the current span, if there is one. */
  note(attributes: SpanAttributes): void;
  /** The current span for another process; empty where there is none. */
  carry(): TraceContext;
  /** Sends what has not been sent, for 3 s at most. */
  close(): Promise<void>;
}

/** Where traces go. */
export interface TracingSettings {
  /** The collector's URL for traces, OTLP over HTTP. */
  url: string;
  serviceName: string;
  /** So large a share of traces is kept, from 0 to 1, but for those whose beginning elsewhere has decided. */
  share: number;
}
