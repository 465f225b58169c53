import { TICKET_PIPELINES } from '../pipelines.ts';
import { notFound } from './errors.ts';
import type { Handlers } from './operations.ts';

export const pipelineHandlers: Handlers<'listPipelines'> = {
  listPipelines: (_world, { path }) => {
    if (path.objectType !== 'tickets') throw notFound(`Pipelines of ${path.objectType}`);
    return { status: 200, body: { results: TICKET_PIPELINES } };
  },
};
