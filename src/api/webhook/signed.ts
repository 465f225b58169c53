import type { Request, Response } from 'express';
import type { PortalId } from '../../hubspot/ids.ts';
import { refusedByHeaders, type SignatureRules, type SignedRequest, verifySignature } from '../../hubspot/signature.ts';
import { GENUINE } from '../connections.ts';
import { readBody, refuseByHead } from './body.ts';
import type { HoldBody, TakePlace } from './in-flight.ts';
import { Refused, signatureRefusal } from './refusals.ts';

/** What a request that HubSpot signed is taken by, whatever it is about. */
export interface SignedRequests {
  rules: () => SignatureRules;
  holdBody: HoldBody;
  takePlace: TakePlace;
  /** A body has to come within so many ms. */
  bodyDeadlineMs: number;
}

const wholeOf = (body: SignedRequest['body']): Uint8Array => (body instanceof Uint8Array ? body : Buffer.concat(body));

/**
 * Takes a request that HubSpot signed: what its head alone can refuse, its body, the signature over the raw bytes; then
 * `take`, with the portals that the signing secret may speak for (`null`: every configured one).
 * @throws {Refused} for the app's error handler to answer
 */
export const takeSigned = async <Result>(
  request: Request,
  response: Response,
  { rules, holdBody, takePlace, bodyDeadlineMs }: SignedRequests,
  take: (body: Uint8Array, portalIds: readonly PortalId[] | null) => Promise<Result>,
): Promise<Result> => {
  const { method, headers, headersDistinct } = request;
  refuseByHead(headers);
  const refusal = refusedByHeaders(headersDistinct, rules());
  if (refusal) throw new Refused(signatureRefusal(refusal));

  return await holdBody(async (held) => {
    const body = await readBody(request, held, { deadlineMs: bodyDeadlineMs });
    const signature = verifySignature({ method, headers: headersDistinct, body }, rules());
    if (!signature.genuine) throw new Refused(signatureRefusal(signature.reason));
    response.emit(GENUINE);
    return await takePlace(response, () => take(wholeOf(body), signature.portalIds));
  });
};
