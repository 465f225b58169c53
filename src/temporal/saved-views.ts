/** A list of runs that the Temporal Web UI keeps by name in the browser. */
export interface SavedView {
  name: string;
  /** A list filter of Temporal's. */
  query: string;
}

/** What a support engineer looks at most. docs/temporal-web-ui.md has a link to each. */
export const SAVED_VIEWS: readonly SavedView[] = [
  { name: 'Replies', query: 'WorkflowType="replyToMessage"' },
  { name: 'Skipped replies', query: 'WorkflowType="replyToMessage" AND Outcome="skipped"' },
  { name: 'Handed to agents', query: 'Outcome="handed-off"' },
  { name: 'Needs attention', query: 'NeedsAttention IS NOT NULL' },
];

/**
 * The address that shows a view, and saves it in the browser: each time that it is opened, so once is enough. It holds
 * no columns, which the Web UI keeps in the browser alone. `uiUrl`: of the Web UI, without a slash at its end.
 */
export const savedViewUrl = (uiUrl: string, namespace: string, { name, query }: SavedView): string =>
  `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows` +
  `?query=${encodeURIComponent(query)}&savedQuery=${encodeURIComponent(name)}`;
