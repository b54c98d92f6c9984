import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { describeApi } from './documentation.js';
import { runApi, type RunningApi } from './running-api.spec.fixture.js';

let api: RunningApi;
let document: OpenAPIObject;

beforeAll(async () => {
  api = await runApi();
  document = describeApi(api.app, api.issuer.url);
});
afterAll(() => api.close());

describe('The description of the API', () => {
  it('says where tokens come from', () => {
    expect(document.components?.securitySchemes).toMatchObject({
      signIn: { flows: { authorizationCode: { authorizationUrl: `${api.issuer.url}/connect/authorize` } } },
    });
  });

  it('says of each route what it asks for', () => {
    const { '/orders': orders, '/orders/all': all, '/orders/{id}': one, '/token': token, ...rest } = document.paths;
    expect(orders?.get?.security).toEqual([{ signIn: ['orders.read'] }, { signIn: ['api1'] }]);
    expect(orders?.post?.security).toEqual([{ signIn: ['orders.write'] }, { signIn: ['api1'] }]);
    expect(all?.get).toMatchObject({ 'x-required-roles': { all: ['admin'] } });
    expect(one?.delete).toMatchObject({ 'x-required-max-age': 300 });
    expect(token?.get?.security).toEqual([{ signIn: [] }]);
    expect(Object.values(rest).map((path) => path.get?.security)).toEqual([[], []]);
  });

  it('says what an order is made of', () => {
    expect(document.components?.schemas).toMatchObject({
      NewOrder: { required: ['product', 'quantity'], properties: { quantity: { maximum: 1000 } } },
      Order: { properties: { createdAt: { format: 'date-time' } } },
    });
  });
});
