import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { withDeadline } from '../../lib/deadline.ts';
import type { PortalSettings } from '../../rules/settings.ts';
import { type Action, followActionRun } from '../../runs/follow-action.ts';
import { planned } from '../../runs/planned-start.ts';
import type { RunStarter } from '../../temporal/run-starter.ts';
import type { ApiMetrics } from '../metrics.ts';
import { portalsSpokenFor } from '../webhook/plan.ts';
import { RETRY_AFTER, Refused } from '../webhook/refusals.ts';
import { type SignedRequests, takeSigned } from '../webhook/signed.ts';
import type { WebhookSettings } from '../webhook/webhook.ts';
import { parseExecution } from './execution.ts';

/** Each action's path begins with it, and ends with its name. */
export const ACTIONS_PATH = '/hubspot/actions';

/**
 * The URL that HubSpot signs for an action: beside the webhooks', letter by letter, so that a path in front of both is
 * kept.
 */
export const actionUrl = (webhookUrl: string, webhookPath: string, action: Action): string => {
  const [url = ''] = webhookUrl.split(/[?#]/);
  const base = url.endsWith(webhookPath) ? url.slice(0, -webhookPath.length) : new URL(url).origin;
  return `${base}${ACTIONS_PATH}/${action}`;
};

export interface ActionDependencies {
  action: Action;
  signed: SignedRequests;
  settings: Pick<WebhookSettings, 'portals' | 'startDeadlineMs'>;
  /** Portals that installed the app, beside those of the settings. */
  installed: () => Promise<readonly PortalSettings[]>;
  starter: RunStarter;
  metrics: Pick<ApiMetrics, 'starts'>;
  logger: Logger;
}

/**
 * Takes one execution of an action in a workflow of the portal's own: signed, read, and then, once its run is durable,
 * answered so that HubSpot's workflow goes on at once. HubSpot tries again after a 503, with the same callback id,
 * which is the run's: it begins once.
 * @throws {Refused} for the app's error handler to answer; HubSpot takes every 4xx for a failed action
 */
export const actionHandler = ({
  action,
  signed,
  settings,
  installed,
  starter,
  metrics,
  logger,
}: ActionDependencies): RequestHandler => {
  const { portals, startDeadlineMs } = settings;
  return async (request, response) => {
    const workflowId = await takeSigned(request, response, signed, async (body, portalIds) => {
      const execution = parseExecution(action, body);
      if (!execution) throw new Refused('not-an-execution');
      const known = [...portals, ...(await withDeadline(installed(), startDeadlineMs))];
      if (!portalsSpokenFor(known, portalIds).has(execution.portalId)) throw new Refused('unknown-portal');
      const start = planned(followActionRun, execution);
      try {
        const result = await withDeadline(starter.start(start), startDeadlineMs);
        metrics.starts.inc({ type: start.type, result });
      } catch (cause) {
        metrics.starts.inc({ type: start.type, result: 'failed' });
        throw new Refused('not-durable', { headers: RETRY_AFTER, cause });
      }
      return start.workflowId;
    });
    logger.debug({ workflowId }, 'Workflow action taken');
    response.json({ outputFields: { hs_execution_state: 'SUCCESS', run: workflowId } });
  };
};
