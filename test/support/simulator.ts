import { type Simulator, type SimulatorOptions, startSimulator } from '../../dev/simulator/simulator.ts';

export const PORTAL_ID = '62515';
export const APP_ID = '2438486';
export const AI_ACTOR_ID = 'A-500';
export const AGENT_ID = 'A-77';
export const ACCESS_TOKEN = 'pat-test-token';
export const CLIENT_SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';

/** A simulated HubSpot that sends no webhooks unless told where. Close it. */
export const testSimulator = (options: Partial<SimulatorOptions> = {}): Promise<Simulator> =>
  startSimulator({
    portalId: PORTAL_ID,
    appId: APP_ID,
    clientSecret: CLIENT_SECRET,
    accessToken: ACCESS_TOKEN,
    aiActorId: AI_ACTOR_ID,
    webhookUrl: null,
    ...options,
  });

/** The environment of a process that answers this simulated portal. */
export const portalEnvironment = (simulator: Simulator, publicUrl: string) => ({
  HUBSPOT_API_URL: simulator.url,
  HUBSPOT_PORTAL_ID: PORTAL_ID,
  HUBSPOT_ACCESS_TOKEN: ACCESS_TOKEN,
  HUBSPOT_CLIENT_SECRET: CLIENT_SECRET,
  HUBSPOT_AI_ACTOR_ID: AI_ACTOR_ID,
  WEBHOOK_PUBLIC_URL: publicUrl,
});
