import type { TicketPipeline } from '../hubspot/crm.ts';
import type { HandoffSettings } from '../rules/handoff/handoff-settings.ts';
import { refuse } from './refusals.ts';

/**
 * The pipeline and the stage of a new ticket.
 * @throws {ApplicationFailure} `NoSuchPipeline`, not retryable
 */
export const ticketPlace = (
  pipelines: readonly TicketPipeline[],
  { pipeline, stage }: Pick<HandoffSettings, 'pipeline' | 'stage'>,
): { pipeline: string; stage: string } => {
  const chosen = pipelines.find(({ id, stages }) => {
    if (pipeline !== null) return id === pipeline;
    return stage === null || stages.some((one) => one.id === stage);
  });
  if (!chosen) {
    const wanted = pipeline === null ? (stage === null ? '' : ` with stage ${stage}`) : ` ${pipeline}`;
    throw refuse('NoSuchPipeline', `The portal has no ticket pipeline${wanted}: see HANDOFF_TICKET_PIPELINE`);
  }
  const place = chosen.stages.find(({ id, closed }) => (stage === null ? !closed : id === stage));
  if (!place) {
    throw refuse(
      'NoSuchPipeline',
      `Pipeline ${chosen.id} has no stage ${stage ?? 'that is open'}: see HANDOFF_TICKET_STAGE`,
    );
  }
  return { pipeline: chosen.id, stage: place.id };
};
