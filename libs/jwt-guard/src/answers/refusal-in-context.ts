import type { ExecutionContext } from '@nestjs/common';
import { grpcMetadata } from '../contexts/rpc-calls.js';
import type { AccessRefusedException } from './access-refused.exception.js';
import { refusalBody } from './refusal-details.js';

/** https://grpc.io/docs/guides/status-codes */
const grpcCodes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 503: 14 };

/**
 * The refusal in the form that reaches the caller in this kind of context without a filter: over HTTP and GraphQL as it is, in
 * gateways as a WsException, in microservices as an RpcException. Nest answers any other exception there with 'Internal server error'.
 */
export async function refusalIn(context: ExecutionContext, refusal: AccessRefusedException): Promise<Error> {
  const type = context.getType<string>();
  if (type !== 'ws' && type !== 'rpc') return refusal;
  const exception = await (type === 'ws' ? socketRefusal(refusal) : messageRefusal(context, refusal)).catch(
    () => refusal,
  );
  return exception === refusal ? refusal : Object.assign(exception, { cause: refusal });
}

/** What a client of a gateway is sent as its event `exception`; `status` and `message` are there in every one of Nest's. */
export function socketAnswer(refusal: AccessRefusedException): Record<string, unknown> {
  return { status: 'error', message: refusal.message, ...refusalBody(refusal), code: refusal.code };
}

// Loaded here, where the application has it loaded: who has no gateways need not install it.
async function socketRefusal(refusal: AccessRefusedException): Promise<Error> {
  const { WsException } = await import('@nestjs/websockets');
  return new WsException(socketAnswer(refusal));
}

async function messageRefusal(context: ExecutionContext, refusal: AccessRefusedException): Promise<Error> {
  const { RpcException } = await import('@nestjs/microservices');
  const answer = socketAnswer(refusal);
  // gRPC has numbers of its own; the message is all that it sends beside them.
  const isGrpc = grpcMetadata(context) !== undefined;
  return new RpcException(isGrpc ? { ...answer, code: grpcCodes[refusal.getStatus()] ?? 16 } : answer);
}
