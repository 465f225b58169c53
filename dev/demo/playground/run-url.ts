import { inAddress } from '../../../src/rules/run-address.ts';

/**
 * The link to a run in the Temporal Web UI; `uiUrl` without a slash at the end. Its last part is the run's workflow ID
 * as it is, ready to be copied.
 */
export const runUrl = (uiUrl: string, namespace: string, workflowId: string): string =>
  `${uiUrl}/namespaces/${namespace}/workflows/${inAddress(workflowId)}`;
