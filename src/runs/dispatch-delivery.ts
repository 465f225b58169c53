import type { PlannedStart } from './planned-start.ts';
import { EXAMPLE_MESSAGE } from './reply-to-message.ts';
import type { RunType } from './run-type.ts';

export interface DispatchDeliveryInput {
  starts: PlannedStart[];
}

export interface DispatchDeliveryResult {
  started: number;
  duplicate: number;
}

/** One run for each delivery with more runs to start than its answer has time for. */
export const dispatchDeliveryRun = {
  type: 'dispatchDelivery',
  title: 'Delivery',
  about: ({ starts }: DispatchDeliveryInput) => {
    const [portalId, ...others] = new Set(starts.map(({ input }) => input.portalId));
    const events = `${starts.length} events`;
    if (portalId !== undefined && others.length === 0) return { portalId, detail: events };
    return { detail: `${others.length + 1} portals · ${events}` };
  },
  workflowId: (_input: DispatchDeliveryInput, hash: string) => `delivery:${hash}`,
  // It is as urgent as the replies that it may hold.
  urgency: 'post',
  example: {
    starts: [
      {
        type: 'replyToMessage',
        workflowId: 'message:62515:6065362089-9b38dc6d5b5744a788931a9cf3a7b225',
        input: EXAMPLE_MESSAGE,
      },
    ],
  },
} as const satisfies RunType<DispatchDeliveryInput, [hash: string]>;
