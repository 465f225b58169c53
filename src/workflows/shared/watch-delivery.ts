import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { defineSignal, getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import { type CheckDeliveryInput, checkDeliveryRun, lateDeliveryCheckRun } from '../../runs/check-delivery.ts';
import { leaveBehind, startBehind } from './leave-behind.ts';

/**
 * Says to the run of HubSpot's event about a message that the message is ours, and that it is to look whether it
 * arrived. Safe to send by hand: that run looks once.
 */
export const deliveryIsToBeChecked = defineSignal<[{ notice: boolean }]>('deliveryIsToBeChecked');

/**
 * Has a run look some time later whether a message arrived. It has the workflow ID of the run that HubSpot's event
 * about the message starts. Where that run was first, it is asked to look, and most of the time it has seen by itself
 * that it has to; where it has ended, a run with an ID of its own looks. Waits for no look.
 */
export const watchDelivery = async (sent: CheckDeliveryInput & { afterMs: number }): Promise<void> => {
  try {
    await startBehind(checkDeliveryRun, sent);
    return;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  try {
    await getExternalWorkflowHandle(checkDeliveryRun.workflowId(sent)).signal(deliveryIsToBeChecked, {
      notice: sent.notice ?? false,
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    await leaveBehind(lateDeliveryCheckRun, sent);
  }
};
