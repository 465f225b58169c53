import { randomUUID } from 'node:crypto';

/** A name that no other test uses, for a task queue, a workflow ID or a namespace. */
export const uniqueName = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;
