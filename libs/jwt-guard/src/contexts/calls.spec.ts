import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { KafkaContext, MqttContext, NatsContext, RedisContext, RmqContext, TcpContext } from '@nestjs/microservices';
import { Metadata } from '@grpc/grpc-js';
import { headerCount } from '@tessera/jws';
import { Calls, carrierOf } from './calls.js';

class Things {
  handler(): void {
    // Never called.
  }
}

function contextOf(type: string, ...given: unknown[]): ExecutionContext {
  const context = new ExecutionContextHost(given, Things, Things.prototype.handler);
  context.setType(type);
  return context;
}

const calls = new Calls();
const authorization = 'Bearer good';

describe('what is read of a message, by its transport', () => {
  it.each<[string, object]>([
    ['NATS', new NatsContext(['subject', new Map([['Authorization', [authorization]]])])],
    [
      'Kafka',
      new KafkaContext([
        { headers: { authorization: Buffer.from(authorization) } } as never,
        0,
        'topic',
        ...([] as unknown as [never, never, never]),
      ]),
    ],
    ['RabbitMQ', new RmqContext([{ properties: { headers: { Authorization: authorization } } }, {}, 'pattern'])],
    ['MQTT 5', new MqttContext(['topic', { properties: { userProperties: { authorization } } }])],
    ['TCP', new TcpContext([{} as never, 'pattern', { authorization }])],
    ['Redis', new RedisContext(['channel', { authorization }])],
  ])('%s: the authorization header, or what stands for headers there', (_, messageContext) => {
    const call = calls.of(contextOf('rpc', {}, messageContext))!;
    expect(call.request.headers.authorization).toBe(authorization);
    expect(call.carrier).toBe(messageContext);
  });

  it.each<[string, object]>([
    ['NATS without headers', new NatsContext(['subject', undefined])],
    ['MQTT 3', new MqttContext(['topic', {}])],
    ['Redis without metadata', new RedisContext(['channel'] as never)],
    ['a transport of its own', {}],
    [
      'a value that is no text',
      new TcpContext([{} as never, 'pattern', { authorization: { toString: () => authorization } } as never]),
    ],
  ])('%s: nothing, also not from the data', (_, messageContext) => {
    const data = { authorization, headers: { authorization }, metadata: { authorization } };
    expect(calls.of(contextOf('rpc', data, messageContext))!.request.headers).toEqual({});
  });

  it('gRPC: the metadata, also where a handler is given the call alone', () => {
    const metadata = new Metadata();
    metadata.set('Authorization', authorization);
    expect(calls.of(contextOf('rpc', {}, metadata, {}))!.request.headers).toEqual({ authorization });
    const stream = { metadata, sendMetadata: () => undefined };
    expect(calls.of(contextOf('rpc', stream))).toMatchObject({
      carrier: stream,
      request: { headers: { authorization } },
    });
  });

  it('shows a header that was sent twice as such', () => {
    const twice = [authorization, 'Bearer bad'];
    const metadata = new Metadata();
    for (const value of twice) metadata.add('authorization', value);
    const message = new RmqContext([{ properties: { headers: { authorization: twice } } }, {}, 'pattern']);
    const spelled = new TcpContext([{} as never, 'pattern', { authorization, Authorization: 'Bearer bad' }]);
    for (const given of [metadata, message, spelled]) {
      expect(headerCount(calls.of(contextOf('rpc', {}, given))!.request, 'authorization')).toBe(2);
    }
  });
});

describe('what is read of a query of GraphQL', () => {
  const request = { headers: { authorization } };

  it.each([
    ['Apollo', { req: request }],
    ['a context with the request', { request }],
    ['mercurius', { app: {}, reply: { request, header: () => undefined } }],
  ])('%s: the HTTP request', (_, values) => {
    expect(calls.of(contextOf('graphql', {}, {}, values, {}))).toMatchObject({ request, carrier: request });
    expect(calls.of(contextOf('graphql', {}, values, {}))!.request).toBe(request);
  });

  it('reads nothing from the arguments or the parent, which the caller shapes', () => {
    expect(calls.of(contextOf('graphql', { req: request }, { req: request, request }, {}, {}))).toBeUndefined();
  });

  it('gives a challenge to the reply of mercurius', () => {
    const reply = { request, header: () => undefined };
    expect(calls.of(contextOf('graphql', {}, {}, { reply }, {}))!.response).toBe(reply);
  });
});

describe('what is not understood', () => {
  it.each(['telegram', 'constructor', '__proto__'])('is no call: %s', (type) => {
    expect(calls.of(contextOf(type, { headers: { authorization } }))).toBeUndefined();
  });

  it('is one where the application reads it, and what was verified is found again', () => {
    const own = new Calls({
      telegram: (context) => ({ headers: { authorization: context.getArgByIndex<{ from: string }>(1).from } }),
    });
    const update = { from: authorization };
    const context = contextOf('telegram', 'text', update);
    expect(own.of(context)).toMatchObject({ request: { headers: { authorization } } });
    expect(carrierOf(context)).toBe(own.of(context)!.carrier);
    expect(carrierOf(context)).toBe(update);
  });
});
