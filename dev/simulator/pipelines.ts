import type { components } from '../../src/hubspot/openapi.ts';

type Pipeline = components['schemas']['Pipeline'];

const STAGES = [
  { id: '1', label: 'New', state: 'OPEN' },
  { id: '2', label: 'Waiting on contact', state: 'OPEN' },
  { id: '3', label: 'Waiting on us', state: 'OPEN' },
  { id: '4', label: 'Closed', state: 'CLOSED' },
] as const;

const MADE_AT = '2024-01-01T00:00:00.000Z';

/** The ticket pipelines of a new portal: HubSpot's own, with its four stages. */
export const TICKET_PIPELINES: Pipeline[] = [
  {
    id: '0',
    label: 'Support Pipeline',
    displayOrder: 0,
    archived: false,
    createdAt: MADE_AT,
    updatedAt: MADE_AT,
    stages: STAGES.map(({ id, label, state }, displayOrder) => ({
      id,
      label,
      displayOrder,
      metadata: { ticketState: state, isClosed: String(state === 'CLOSED') },
      archived: false,
      createdAt: MADE_AT,
      updatedAt: MADE_AT,
    })),
  },
];

/** A stage's name for people; its id where there is no such stage. */
export const stageLabel = (stageId: string | undefined): string =>
  TICKET_PIPELINES.flatMap(({ stages }) => stages).find(({ id }) => id === stageId)?.label ?? stageId ?? '';
