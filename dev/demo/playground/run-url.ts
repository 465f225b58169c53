/** The link to a run in the Temporal Web UI; `uiUrl` without a slash at the end. */
export const runUrl = (uiUrl: string, namespace: string, workflowId: string): string =>
  `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
