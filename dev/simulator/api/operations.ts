import type { components, operations } from '../../../src/hubspot/openapi.ts';
import type { WebhookEvent } from '../webhooks/events.ts';
import type { World } from '../world.ts';

export type Schemas = components['schemas'];

/** The calls of the OpenAPI description, by `operationId`. */
export type OperationName = keyof operations;

type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined;

type ParametersOf<Name extends OperationName> = operations[Name]['parameters'];

/** A request that has passed the description's checks. */
export interface ApiRequest<Name extends OperationName> {
  path: ParametersOf<Name>['path'];
  query: NonNullable<ParametersOf<Name>['query']>;
  body: Json<operations[Name]['requestBody']>;
}

/** What a call answers, and what it caused. */
export type Answer<Name extends OperationName> = {
  [Status in keyof operations[Name]['responses'] & number]: {
    status: Status;
    body: Json<operations[Name]['responses'][Status]>;
    events?: WebhookEvent[];
    /** A call that changed something gives the id of what it made or changed. */
    writtenId?: string;
  };
}[keyof operations[Name]['responses'] & number];

/** What HubSpot does on a call. @throws {HubSpotError} where it refuses. */
export type Handler<Name extends OperationName> = (world: World, request: ApiRequest<Name>) => Answer<Name>;

export type Handlers<Names extends OperationName = OperationName> = { [Name in Names]: Handler<Name> };

/** HubSpot takes a list of properties as parameters of one name, and as one with commas, as its own client sends it. */
export const propertyNames = (asked: string[] | undefined): string[] | undefined =>
  asked?.flatMap((names) => names.split(','));
