import { beforeAll, describe, expect, it } from '@jest/globals';
import { ProfileService } from '@tessera/grant-types';
import { adapters, client, run, type RunningServer, seed } from '../../running-server.spec.fixture.js';

describe.each(adapters)('Userinfo on %s (OpenID Connect Core §5.3)', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => void (server = await run({}, { adapter })));
  const token = async (scope: string): Promise<string> => {
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope };
    return (await server.post('connect/token', form, { basic: 'ropg_client:secret' })).body.access_token as string;
  };
  const get = (authorization?: string) =>
    server.send('connect/userinfo', authorization ? { headers: { authorization } } : {});

  it('tells sub and the claims of the granted scopes, and no others', async () => {
    const { status, headers, body } = await get(`Bearer ${await token('openid profile')}`);
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ sub: 'subject-of-alice', name: 'The alice' });
    expect((await get(`Bearer ${await token('openid api1')}`)).body).toEqual({ sub: 'subject-of-alice' });
  });

  it('takes the token in a form, too (RFC 6750 §2.2)', async () => {
    const { status, body } = await server.post('connect/userinfo', { access_token: await token('openid') });
    expect([status, body.sub]).toEqual([200, 'subject-of-alice']);
  });

  it('refuses a token sent in two ways with invalid_request (RFC 6750 §2)', async () => {
    const access_token = await token('openid');
    const headers = { authorization: `Bearer ${access_token}` };
    const { status, body } = await server.post('connect/userinfo', { access_token }, { headers });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('never takes the token from the URL (RFC 6750 §2.3)', async () => {
    expect((await server.send(`connect/userinfo?access_token=${await token('openid')}`)).status).toBe(401);
  });

  it('answers a token without openid with 403 insufficient_scope (RFC 6750 §3.1)', async () => {
    const { status, headers, body } = await get(`Bearer ${await token('api1 profile')}`);
    expect([status, body.error]).toEqual([403, 'insufficient_scope']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="insufficient_scope"/);
  });

  it('answers an unknown token with 401 invalid_token and a challenge (RFC 6750 §3)', async () => {
    for (const wrong of ['Bearer x', 'Bearer a.b.c', `bearer ${'x'.repeat(43)}`]) {
      const { status, headers, body } = await get(wrong);
      expect([wrong, status, body.error]).toEqual([wrong, 401, 'invalid_token']);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    }
  });

  it('answers a request without a token with a challenge that names no error (RFC 6750 §3.1)', async () => {
    const both = 'Bearer realm="tessera", DPoP realm="tessera", algs="ES256 EdDSA PS256"';
    for (const none of [undefined, 'Basic eDp5', 'Bearer', 'Bearer two tokens']) {
      const { status, headers, text } = await get(none);
      expect([none, status, headers.get('www-authenticate'), text]).toEqual([none, 401, both, '']);
    }
  });
});

describe('A ProfileService of the application', () => {
  class Directory extends ProfileService {
    async claims({ claimTypes, caller, subject }: Parameters<ProfileService['claims']>[0]) {
      return {
        name: `${caller} ${subject}`,
        asked: [...claimTypes],
        sub: 'forged',
        iss: 'forged',
        client_id: 'forged',
      };
    }

    async isActive() {
      return true;
    }
  }

  it('says what is known, and cannot speak for the server', async () => {
    const server = await run({
      clients: [
        client('c', {
          allowedGrantTypes: ['password'],
          allowedScopes: ['openid', 'profile', 'api1.read'],
          alwaysIncludeUserClaimsInIdToken: true,
        }),
      ],
      providers: [{ provide: ProfileService, useClass: Directory }],
    });
    const form = { grant_type: 'password', username: 'alice', password: 'ecila', scope: 'openid profile api1.read' };
    const { access_token, id_token } = (await server.post('connect/token', form, { basic: 'c:secret' })).body;
    const claims = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as object;
    const genuine = { sub: 'subject-of-alice', iss: seed.issuer };
    expect(claims(access_token)).toMatchObject({
      ...genuine,
      client_id: 'c',
      name: 'access_token subject-of-alice',
      asked: ['role'],
    });
    expect(claims(id_token)).toMatchObject({ ...genuine, aud: 'c', name: 'id_token subject-of-alice' });
    const { body } = await server.send('connect/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
    expect(body).toMatchObject({ sub: 'subject-of-alice', name: 'userinfo subject-of-alice' });
    expect(body.iss).toBeUndefined();
  });
});
