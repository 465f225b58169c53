/**
 * A workflow ID as the last part of an address. It stays as it is, ready to be copied: `:` and `@` need no escape in a
 * path.
 */
export const inAddress = (workflowId: string): string =>
  encodeURIComponent(workflowId).replaceAll('%3A', ':').replaceAll('%40', '@');
