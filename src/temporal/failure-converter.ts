import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Puts the message and stack trace of every failure into a payload, which the codec encrypts; else they would stand in
 * the history in clear text. Temporal's SDK loads it by this file's path, and the workflow bundler packs it
 * (`dataConverterOf`).
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
