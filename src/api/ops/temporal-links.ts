import { inAddress } from '../../rules/run-address.ts';

/** Where a person sees runs in the Temporal Web UI; `null` where its address is not known. */
export interface TemporalLinks {
  run(workflowId: string, runId: string): string | null;
  list(query: string): string | null;
}

/** `uiUrl`: of the Web UI, without a slash at its end. */
export const temporalLinks = (uiUrl: string | null, namespace: string): TemporalLinks => {
  const link = (rest: string) =>
    uiUrl === null ? null : `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows${rest}`;
  return {
    run: (workflowId, runId) => link(`/${inAddress(workflowId)}/${encodeURIComponent(runId)}/history`),
    list: (query) => link(`?query=${encodeURIComponent(query)}`),
  };
};
