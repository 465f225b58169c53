/**
 * The link to a run in the Temporal Web UI; `uiUrl` without a slash at the end. Its last part is the run's workflow ID
 * as it is, ready to be copied: `:` and `@` need no escape in a path.
 */
export const runUrl = (uiUrl: string, namespace: string, workflowId: string): string =>
  `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId).replace(/%3A/g, ':').replace(/%40/g, '@')}`;
