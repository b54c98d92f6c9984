import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeOf, runApi, type RunningApi } from '../running-api.spec.fixture.js';

const tea = { product: 'tea', quantity: 2 };
let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api.close());

async function place(sub = 'alice', order: object = tea): Promise<string> {
  const created = await api.call('/orders', { claims: { sub }, body: order });
  return ((await created.json()) as { id: string }).id;
}

describe('The orders', () => {
  it('are created for the subject of the token, with their address, and can be read and listed', async () => {
    const created = await api.call('/orders', { body: tea });
    expect(created.status).toBe(201);
    const order = (await created.json()) as { id: string };
    expect(order).toMatchObject({ ...tea, createdBy: 'alice' });
    expect(created.headers.get('location')).toBe(`/orders/${order.id}`);
    expect(await (await api.call(`/orders/${order.id}`)).json()).toEqual(order);
    expect(await (await api.call('/orders')).json()).toContainEqual(order);
  });

  it('of somebody else are not listed, not found and not cancelled', async () => {
    const id = await place('mallory');
    expect(await (await api.call('/orders')).json()).not.toContainEqual(expect.objectContaining({ id }));
    expect((await api.call(`/orders/${id}`)).status).toBe(404);
    const claims = { auth_time: api.issuer.now };
    expect((await api.call(`/orders/${id}`, { method: 'DELETE', claims })).status).toBe(404);
    expect((await api.call(`/orders/${id}`, { claims: { sub: 'mallory' } })).status).toBe(200);
  });

  it('that do not exist are not found', async () => {
    expect((await api.call('/orders/nothing')).status).toBe(404);
  });

  it.each([
    {},
    { product: 'tea' },
    { product: '', quantity: 1 },
    { product: 'x'.repeat(201), quantity: 1 },
    { product: 'tea', quantity: 0 },
    { product: 'tea', quantity: 1001 },
    { product: 'tea', quantity: 1.5 },
    { product: 'tea', quantity: '1' },
    { product: ['tea'], quantity: 1 },
    { product: 'tea', quantity: 1, createdBy: 'mallory' },
    [],
    'null',
    '{',
    '{"__proto__":{"product":"tea"},"quantity":1}',
  ])('are not made from %j', async (body) => {
    expect((await api.call('/orders', { body })).status).toBe(400);
  });

  it('take no body over the limit', async () => {
    expect((await api.call('/orders', { body: { product: 'x'.repeat(20_000), quantity: 1 } })).status).toBe(413);
  });

  it('are bounded: the oldest makes room', async () => {
    const first = await place('alice', { product: 'oldest', quantity: 1 });
    const headers = api.issuer.headers();
    for (let n = 0; n < 1000; n++) await api.call('/orders', { headers, body: tea });
    expect((await api.call(`/orders/${first}`)).status).toBe(404);
    expect(await (await api.call('/orders')).json()).toHaveLength(1000);
  });
});

describe('Scopes', () => {
  it('open a part of the orders each', async () => {
    expect((await api.call('/orders', { claims: { scope: 'orders.read' } })).status).toBe(200);
    expect((await api.call('/orders', { claims: { scope: 'orders.write' }, body: tea })).status).toBe(201);
  });

  it.each([
    ['GET', '/orders', undefined, 'orders.write', 'orders.read api1'],
    ['POST', '/orders', tea, 'orders.read', 'orders.write api1'],
    ['GET', '/orders/all', undefined, 'openid', 'orders.read api1'],
  ])('are missing for %s %s, and the answer names those that would do', async (method, path, body, scope, needed) => {
    const response = await api.call(path, { method, body, claims: { scope, roles: ['admin'] } });
    expect(response.status).toBe(403);
    expect(challengeOf(response, 'error')).toBe('insufficient_scope');
    expect(challengeOf(response, 'scope')).toBe(needed);
    const words = `The token needs one of the scopes ${needed.replace(' ', ', ')}.`;
    expect(challengeOf(response, 'error_description')).toBe(words);
  });
});

describe('Roles', () => {
  it('show an admin the orders of everybody', async () => {
    const id = await place('mallory');
    const response = await api.call('/orders/all', { claims: { sub: 'bob', roles: ['admin'] } });
    expect(await response.json()).toContainEqual(expect.objectContaining({ id }));
  });

  it.each([{}, { roles: ['reader'] }])('are needed for that: %j is refused', async (claims) => {
    const response = await api.call('/orders/all', { claims });
    expect(response.status).toBe(403);
    // Another token would be of no use: there is nothing to ask for.
    expect(response.headers.get('www-authenticate')).toBeNull();
  });
});

describe('To cancel an order', () => {
  it('takes a sign-in of the last five minutes', async () => {
    const id = await place();
    const claims = { auth_time: api.issuer.now - 290 };
    expect((await api.call(`/orders/${id}`, { method: 'DELETE', claims })).status).toBe(204);
    expect((await api.call(`/orders/${id}`)).status).toBe(404);
  });

  it.each([
    ['longer ago', () => ({ auth_time: api.issuer.now - 310 })],
    ['never, as of a program', () => ({})],
  ])('asks for another one where that was %s (RFC 9470 §3)', async (_, claims) => {
    const id = await place();
    const response = await api.call(`/orders/${id}`, { method: 'DELETE', claims: claims() });
    expect(response.status).toBe(401);
    expect(challengeOf(response, 'error')).toBe('insufficient_user_authentication');
    expect(challengeOf(response, 'max_age')).toBe('300');
    expect((await api.call(`/orders/${id}`)).status).toBe(200);
  });
});
