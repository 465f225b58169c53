/** A peer gets its settings as one JSON object as its only argument. */
export interface PeerSettings {
  /** `api`: takes deliveries. `worker`: does the work. `both`: in one process. */
  role: 'api' | 'worker' | 'both';
  port: number;
  /** As HubSpot signs it. */
  publicUrl: string;
  /** Where the queue is: `redis://…`, `postgres://…`, `host:port` of Temporal, `http://…` of Restate's ingress. */
  store: string;
  /** Restate only: of its admin API. */
  adminUrl: string;
  /** Temporal only: the bundle of the bare workflow. */
  bundlePath: string;
  /** Temporal only: the bare workflow has so many. */
  activities: 3 | 4;
  hubspotUrl: string;
  /** `false`: a job ends at once, so that only the taking of deliveries is measured. */
  work: boolean;
  /** Look into the thread before the post, as Threadkeeper does. */
  looks: boolean;
}

/** So many jobs are at work at once, in every peer: as many as Threadkeeper's worker calls HubSpot at once. */
export const CONCURRENCY = 50;

/** A worker is up. */
export const tellReady = (): void => {
  process.stdout.write('ready\n');
};

export const readPeerSettings = (): PeerSettings => JSON.parse(process.argv[2] ?? '{}');
