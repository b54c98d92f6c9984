import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { challengeOf, publicUrl, runApi, type RunningApi } from '../running-api.spec.fixture.js';

let api: RunningApi;

beforeAll(async () => {
  api = await runApi();
});
afterAll(() => api.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('What is known of a token', () => {
  it('is told to whoever brings a good one, whatever its scopes', async () => {
    const response = await api.call('/token', { claims: { scope: 'openid', roles: ['admin'], salary: 1 } });
    expect(await response.json()).toEqual({
      kind: 'jwt',
      issuer: api.issuer.url,
      subject: 'alice',
      clientId: 'test-client',
      scopes: ['openid'],
      roles: ['admin'],
      isBound: false,
    });
  });
});

describe('A reference token', () => {
  it('is accepted, once the issuer was asked', async () => {
    const response = await api.call('/token', { headers: bearer(api.issuer.referenceToken({ scope: 'api1' })) });
    expect(await response.json()).toMatchObject({ kind: 'reference', subject: 'alice', scopes: ['api1'] });
  });

  it('that was revoked is refused', async () => {
    const token = api.issuer.referenceToken();
    api.issuer.revoke(token);
    const response = await api.call('/token', { headers: bearer(token) });
    expect([response.status, challengeOf(response, 'error')]).toEqual([401, 'invalid_token']);
  });
});

describe('A token that is bound to a key (RFC 9449)', () => {
  it('is accepted with its proof', async () => {
    const holder = api.issuer.dpopHolder();
    const headers = holder.headers('GET', `${publicUrl}/token`, holder.token());
    expect(await (await api.call('/token', { headers })).json()).toMatchObject({ isBound: true });
  });

  it('is refused without a proof, and with the proof of another request', async () => {
    const holder = api.issuer.dpopHolder();
    const token = holder.token();
    expect((await api.call('/token', { headers: bearer(token) })).status).toBe(401);
    const headers = holder.headers('GET', `${publicUrl}/orders`, token);
    const response = await api.call('/token', { headers });
    expect([response.status, challengeOf(response, 'error')]).toEqual([401, 'invalid_dpop_proof']);
  });

  it('is refused to whoever has stolen the proof as well, and uses it again', async () => {
    const holder = api.issuer.dpopHolder();
    const headers = holder.headers('GET', `${publicUrl}/token`, holder.token());
    expect((await api.call('/token', { headers })).status).toBe(200);
    expect((await api.call('/token', { headers })).status).toBe(401);
  });
});
