import type { ExecutionContext } from '@nestjs/common';
import type { PresentedRequest } from '../presentation/presented-request.js';
import { emptyRequest, isObject, type CallKind } from './call.js';

/** Microservices: what a transport has in the place of headers. */
export const rpcCalls: CallKind = {
  request: (context) => {
    const values = authorizationValues(context);
    return values.length === 0 ? emptyRequest : presented(values);
  },
  // A message has a context object of its own, and a call of gRPC its metadata.
  carrier: (context) => [context.getArgByIndex<unknown>(1), context.getArgByIndex<unknown>(0)].find(isObject),
};

/** The metadata of a call of gRPC, told by its functions: no message that was parsed has any. */
export function grpcMetadata(context: ExecutionContext): { get(name: string): unknown[] } | undefined {
  const [call, metadata] = [context.getArgByIndex<unknown>(0), context.getArgByIndex<unknown>(1)];
  // A handler of @GrpcStreamCall() is given the call alone.
  const carried = isObject(call) && typeof call.sendMetadata === 'function' ? call.metadata : undefined;
  return [metadata, carried].find(isMetadata);
}

function isMetadata(value: unknown): value is { get(name: string): unknown[] } {
  return isObject(value) && typeof value.get === 'function' && typeof value.getMap === 'function';
}

/** Every value of the authorization header, whatever the case of its name. */
function authorizationValues(context: ExecutionContext): string[] {
  const metadata = grpcMetadata(context);
  const found = metadata ? metadata.get('authorization') : valuesIn(headersOf(context.getArgByIndex<unknown>(1)));
  return found.filter((value) => typeof value === 'string' || Buffer.isBuffer(value)).map(String);
}

/** The headers of NATS, Kafka, RabbitMQ, MQTT 5 (user properties), and the metadata of TCP and Redis. */
function headersOf(context: unknown): unknown {
  if (!isObject(context)) return undefined;
  const { getHeaders, getMessage, getPacket, getMetadata } = context;
  const read = (getter: unknown): unknown => (typeof getter === 'function' ? getter.call(context) : undefined);
  const message = read(getMessage);
  return (
    read(getHeaders) ??
    read(getMetadata) ??
    at(message, 'headers') ??
    at(at(message, 'properties'), 'headers') ??
    at(at(read(getPacket), 'properties'), 'userProperties')
  );
}

function at(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function valuesIn(headers: unknown): unknown[] {
  if (!isObject(headers)) return [];
  // NATS: headers are iterable, and keep the case of names.
  const entries =
    Symbol.iterator in headers ? [...(headers as unknown as Iterable<[string, unknown]>)] : Object.entries(headers);
  return entries.filter(([name]) => name.toLowerCase() === 'authorization').flatMap(([, value]) => value);
}

/** A header that was sent twice shows up as such: the guard refuses it, as it does over HTTP. */
function presented(values: string[]): PresentedRequest {
  return { headers: { authorization: values[0] }, rawHeaders: values.flatMap((value) => ['authorization', value]) };
}
