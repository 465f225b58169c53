import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status codes that we distinguish (https://grpc.io/docs/guides/status-codes/). */
export const GRPC = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
} as const;

/** The status code of a failed call, of the error itself or of the one that the SDK wrapped. */
export const grpcStatus = (error: unknown): number | undefined => {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error && isGrpcServiceError(error.cause) ? error.cause.code : undefined;
};
