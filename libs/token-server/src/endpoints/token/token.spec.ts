import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiResource, ApiScope, Claim } from '@tessera/resource-model';
import {
  adapters,
  claimsOf,
  client,
  headerOf,
  issuer,
  run,
  type RunningServer,
  seed,
} from '../../running-server.spec.fixture.js';

const basic = 'simple_client:secret';

describe.each(adapters)('The token endpoint on %s', (adapter) => {
  let server: RunningServer;
  beforeAll(async () => void (server = await run({ signingAlgorithms: undefined }, { adapter })));
  afterAll(() => server.close());
  const token = (
    form: string | Record<string, string>,
    options: { basic?: string; headers?: Record<string, string> } = { basic },
  ) => server.post('connect/token', form, options);

  it('answers with token, type, lifetime and scope, and forbids to store them (RFC 6749 §5.1)', async () => {
    const { status, headers, body } = await token({ grant_type: 'client_credentials' });
    expect(status).toBe(200);
    expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache']);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600, scope: 'api1' });
  });

  it('writes access tokens by RFC 9068: at+jwt, and the claims of §2.2 without nbf', async () => {
    const { body } = await token({ grant_type: 'client_credentials' });
    expect(headerOf(body.access_token)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
    const now = server.clock.now();
    expect(claimsOf(body.access_token)).toEqual({
      iss: issuer,
      sub: 'simple_client',
      aud: 'api1',
      client_id: 'simple_client',
      scope: 'api1',
      iat: now,
      exp: now + 3600,
      jti: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  it.each([
    ['no body at all', undefined, undefined],
    ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
    ['a form that says it is text', 'text/plain', 'grant_type=client_credentials'],
  ])('refuses what is not a form with invalid_request: %s', async (_what, type, body) => {
    const answer = await server.send('connect/token', {
      method: 'POST',
      body,
      headers: type ? { 'content-type': type } : {},
    });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses a repeated parameter with invalid_request, known or not, same value or not (RFC 6749 §3.2)', async () => {
    for (const form of ['scope=api1&scope=api1', 'grant_type=password', 'x=1&x=2', 'client_id=a&client_id=b']) {
      const { status, body } = await token(`grant_type=client_credentials&${form}`);
      expect([form, status, body.error]).toEqual([form, 400, 'invalid_request']);
    }
  });

  it('refuses array keys and prototype keys with invalid_request', async () => {
    for (const form of ['scope[]=api1', 'scope[a]=api1', 'constructor=x', 'prototype=x']) {
      const { status, body } = await token(`grant_type=client_credentials&${form}`);
      expect([form, status, body.error]).toEqual([form, 400, 'invalid_request']);
    }
    const polluted = await token('grant_type=client_credentials&__proto__=x&__proto__[scope]=api1');
    // Express's parser drops such keys before anybody sees them; Fastify's hands them on to be refused.
    expect([polluted.status, polluted.body.scope]).toEqual(adapter === 'fastify' ? [400, undefined] : [200, 'api1']);
    expect(({} as Record<string, unknown>).scope).toBeUndefined();
  });

  it('refuses a parameter over its limit with invalid_request, and names it', async () => {
    const { status, body } = await token({ grant_type: 'client_credentials', scope: 'a'.repeat(2049) });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
    expect(body.error_description).toContain("'scope'");
  });

  it('takes an empty parameter for an absent one (RFC 6749 §3.1)', async () => {
    expect((await token({ grant_type: 'client_credentials', scope: '' })).body.scope).toBe('api1');
    expect((await token({ grant_type: '' })).body.error).toBe('invalid_request');
  });

  it('takes a form with a charset', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    expect((await token({ grant_type: 'client_credentials' }, { basic, headers })).status).toBe(200);
  });

  it('answers a missing grant_type with invalid_request', async () => {
    const { status, body } = await token({ scope: 'api1' });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
    expect(body.error_description).toContain("'grant_type'");
  });

  it.each(['implicit', 'hybrid', 'urn:example:unknown', '__proto__', 'toString'])(
    'answers the unknown grant %s with unsupported_grant_type',
    async (type) => {
      const { status, body } = await token({ grant_type: type });
      expect([status, body.error]).toEqual([400, 'unsupported_grant_type']);
    },
  );

  it('answers a grant that the client may not use with unauthorized_client', async () => {
    for (const form of [
      'grant_type=password&username=alice&password=ecila',
      'grant_type=refresh_token&refresh_token=x',
    ]) {
      const { status, body } = await token(form);
      expect([status, body.error]).toEqual([400, 'unauthorized_client']);
    }
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('answers %s with 405 and says what is allowed', async (method) => {
    const { status, headers } = await server.send('connect/token', { method });
    expect([status, headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  it('never quotes control characters, quotes or backslashes in a description (RFC 6749 §5.2)', async () => {
    const { body } = await token({ grant_type: 'x"\\\r\n<script>é' });
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/);
  });
});

describe('client_credentials', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await run({
      clients: [
        ...seed.clients,
        client('broad_client', {
          allowedScopes: ['api1', 'api1.read', 'api2', 'shared', 'openid'],
          allowOfflineAccess: true,
        }),
        client('claims_client', {
          claims: [new Claim('tenant', 7), new Claim('role', 'a'), new Claim('role', 'b'), new Claim('iss', 'forged')],
        }),
        client('no_prefix_client', {
          claims: [new Claim('iss', 'forged'), new Claim('tenant', 7)],
          clientClaimsPrefix: '',
        }),
        client('no_jti_client', { includeJwtId: false, accessTokenLifetime: 60 }),
        client('scopeless_client', { allowedScopes: [] }),
      ],
    });
  });
  afterAll(() => server.close());
  const token = (id: string, form: Record<string, string> | string = {}) =>
    server.post(
      'connect/token',
      typeof form === 'string'
        ? `grant_type=client_credentials&${form}`
        : { grant_type: 'client_credentials', ...form },
      {
        basic: `${id}:secret`,
      },
    );

  it('grants every API scope of the client when none is asked for, and no identity scope', async () => {
    expect((await token('broad_client')).body.scope).toBe('api1 api1.read api2 shared');
  });

  it('makes each API that lists a scope an audience: one a string, several an array', async () => {
    const aud = async (scope: string) => claimsOf((await token('broad_client', { scope })).body.access_token).aud;
    expect(await aud('api1')).toBe('api1');
    expect(await aud('shared')).toEqual(['api1', 'api2']);
    expect(await aud('api2 api1.read')).toEqual(['api2', 'api1']);
  });

  it.each(['openid', 'offline_access', 'api1 openid'])(
    'refuses the scope %s, which is about a person, with invalid_scope',
    async (scope) => {
      const { status, body } = await token('broad_client', { scope });
      expect([status, body.error, body.refresh_token]).toEqual([400, 'invalid_scope', undefined]);
    },
  );

  it.each(['unknown', 'api2', 'api1 api2', 'API1', '*'])(
    'refuses the unknown or not allowed scope %s with invalid_scope',
    async (scope) => {
      const { status, body } = await token('simple_client', { scope });
      expect([status, body.error]).toEqual([400, 'invalid_scope']);
    },
  );

  it('refuses with invalid_scope when there is nothing to grant', async () => {
    expect((await token('scopeless_client')).body.error).toBe('invalid_scope');
  });

  it('narrows to the resource that is named (RFC 8707), and refuses one that is unknown or out of reach with invalid_target', async () => {
    const narrowed = claimsOf((await token('broad_client', { resource: 'api2' })).body.access_token);
    expect([narrowed.aud, narrowed.scope]).toEqual(['api2', 'api2 shared']);
    const both = claimsOf((await token('broad_client', 'resource=api2&resource=api1&scope=shared')).body.access_token);
    expect(both.aud).toEqual(['api1', 'api2']);
    expect((await token('broad_client', { resource: 'nowhere' })).body.error).toBe('invalid_target');
    expect((await token('broad_client', { resource: 'api2', scope: 'api1' })).body.error).toBe('invalid_target');
  });

  it('refuses more values of resource than any client has a use for', async () => {
    const { status, body } = await token('broad_client', Array.from({ length: 21 }, () => 'resource=api1').join('&'));
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('carries the claims of the client under its prefix, and never in the place of its own', async () => {
    const prefixed = claimsOf((await token('claims_client')).body.access_token);
    expect(prefixed).toMatchObject({ client_tenant: 7, client_role: ['a', 'b'], client_iss: 'forged', iss: issuer });
    const bare = claimsOf((await token('no_prefix_client')).body.access_token);
    expect(bare).toMatchObject({ tenant: 7, iss: issuer });
  });

  it('leaves jti out and sets the lifetime as the client says', async () => {
    const { body } = await token('no_jti_client');
    const { iat, exp, jti } = claimsOf(body.access_token);
    expect([body.expires_in, exp - iat, jti]).toEqual([60, 60, undefined]);
  });
});

describe('A token for a resource with rules of its own', () => {
  it('is signed with the first algorithm that all its APIs understand and the server has', async () => {
    const server = await run({
      signingAlgorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'],
      apiResources: [
        new ApiResource('a', 'A', { allowedAccessTokenSigningAlgorithms: ['ES512', 'ES256', 'EdDSA'] }),
        new ApiResource('b', 'B', { allowedAccessTokenSigningAlgorithms: ['EdDSA', 'ES256'] }),
        new ApiResource('c', 'C', { allowedAccessTokenSigningAlgorithms: ['PS256'] }),
        new ApiResource('d', 'D'),
      ],
      apiScopes: [],
      clients: [client('c', { allowedScopes: ['a', 'b', 'c', 'd'] })],
    });
    const alg = async (scope: string) => {
      const { body } = await server.post(
        'connect/token',
        { grant_type: 'client_credentials', scope },
        { basic: 'c:secret' },
      );
      return body.error ?? headerOf(body.access_token).alg;
    };
    expect([await alg('a'), await alg('b'), await alg('a b'), await alg('c'), await alg('d'), await alg('c d')]).toEqual([
      'ES256', 'EdDSA', 'ES256', 'PS256', 'RS256', 'PS256',
    ]); // prettier-ignore
    expect(await alg('a c')).toBe('invalid_target');
    await server.close();
  });

  it('is not had without naming the resource where it requires an indicator (RFC 8707)', async () => {
    const server = await run({
      apiResources: [
        new ApiResource('open', 'Open', { scopes: ['s'] }),
        new ApiResource('shy', 'Shy', { scopes: ['s', 't'], requireResourceIndicator: true }),
      ],
      apiScopes: [new ApiScope('s'), new ApiScope('t')],
      clients: [client('c', { allowedScopes: ['s', 't'] })],
    });
    const aud = async (form: Record<string, string>) =>
      claimsOf(
        (await server.post('connect/token', { grant_type: 'client_credentials', ...form }, { basic: 'c:secret' })).body
          .access_token,
      ).aud;
    expect(await aud({})).toBe('open');
    const shyly = await server.post(
      'connect/token',
      { grant_type: 'client_credentials', scope: 's t' },
      { basic: 'c:secret' },
    );
    // What is not granted is not named either (RFC 6749 §5.1).
    expect(shyly.body.scope).toBe('s');
    expect(await aud({ resource: 'shy' })).toBe('shy');
    await server.close();
  });
});
