import { ApplicationFailure } from '@temporalio/common';
import { HubSpotNotFound, HubSpotRefused, HubSpotUnauthorized } from '../hubspot/errors.ts';
import { toFailure } from './failures.ts';

/** A failure that no retry changes: a person has to act first. */
export const refuse = (type: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true });

/** HubSpot doesn't know what was asked about, or doesn't take it. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof HubSpotNotFound || error instanceof HubSpotRefused;

/** A missing scope stays missing until a person grants it, and agents don't wait for that. */
export const atOnce = (error: unknown): unknown =>
  error instanceof HubSpotUnauthorized && error.status === 403 ? refuse(error.name, error.message) : toFailure(error);
