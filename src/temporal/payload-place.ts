import type { SerializationContext } from '@temporalio/common';
import { z } from 'zod';

/** A payload belongs here, as far as that was known where it was encrypted. */
export interface PayloadPlace {
  namespace?: string | undefined;
  /** The run that it is for or from, its activities and children's starts included. */
  workflowId?: string | undefined;
}

const placeSchema = z.object({ namespace: z.string().optional(), workflowId: z.string().optional() });

/** Where the SDK converts a payload; an activity's are its workflow's. `{}` where it doesn't say. */
export const placeOf = (context: SerializationContext | undefined): PayloadPlace =>
  context ? { namespace: context.namespace, workflowId: context.workflowId } : {};

/** A place as it stands beside the payload. */
export const labelOf = ({ namespace, workflowId }: PayloadPlace): string => JSON.stringify({ namespace, workflowId });

/** The place that a label names; only of a label that was authenticated. */
export const placeIn = (label: string): PayloadPlace => placeSchema.parse(JSON.parse(label));

// Temporal puts the time behind the id that a schedule gives, and hands the input, and one run's result, to the next.
const seriesOf = (workflowId: string): string => workflowId.replace(/-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, '');

const differ = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a !== b;

/** Says whether a payload made for one place may be read in another: what is not known of either is not compared. */
export const isSamePlace = (made: PayloadPlace, read: PayloadPlace): boolean =>
  !differ(made.namespace, read.namespace) &&
  !differ(made.workflowId && seriesOf(made.workflowId), read.workflowId && seriesOf(read.workflowId));
