import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ClientInit, UsedIdStore } from '@tessera/resource-model';
import { client, issuer, run, type RunningServer, seed } from '../running-server.spec.fixture.js';
import {
  assert,
  type AssertionDifference,
  assertionType,
  type ClientKey,
  clientKey,
  secretKey,
} from './client-assertion.spec.fixture.js';

const secret = 'a secret of 64 characters, which is what HS512 asks for: -------';
const keys = (...all: ClientKey[]) => ({ jwks: { keys: all.map(({ jwk }) => jwk) } as ClientInit['jwks'] });
const own: Partial<ClientInit> = { clientSecrets: [], tokenEndpointAuthMethod: 'private_key_jwt' };

describe('Client assertions (RFC 7523 §3, RFC 10070 §4)', () => {
  let server: RunningServer;
  let es256: ClientKey;
  let other: ClientKey;
  let rs256: ClientKey;
  let encryption: ClientKey;

  beforeAll(async () => {
    [es256, other, rs256, encryption] = await Promise.all([
      clientKey('ES256'),
      clientKey('ES256', 'another key'),
      clientKey('RS256', 'rsa'),
      clientKey('ES256', 'for encryption'),
    ]);
    server = await run({
      clients: [
        ...seed.clients,
        client('key_client', { ...own, ...keys(es256) }),
        client('several_keys', { ...own, ...keys({ ...encryption, jwk: { ...encryption.jwk, use: 'enc' } }, other, es256, rs256) }),
        client('pinned', { ...own, ...keys(es256, rs256), tokenEndpointAuthSigningAlg: 'RS256' }),
        client('older', { ...own, ...keys(es256), allowEndpointAudiences: true }),
        client('fapi', { ...own, ...keys(es256), requireAudienceText: true }),
        client('strict', { ...own, ...keys(es256), requireAssertionType: true }),
        client('both_ways', keys(es256)),
        client('disabled_key_client', { ...own, ...keys(es256), enabled: false }),
        client('secret_jwt', { clientSecrets: [], assertionSecret: secret, tokenEndpointAuthMethod: 'client_secret_jwt' }),
        client('short_secret_jwt', { clientSecrets: [], assertionSecret: secret.slice(0, 32) }),
      ],
    }); // prettier-ignore
  });

  const at = () => ({ now: server.clock.now(), issuer });
  const post = (form: Record<string, string>, path = 'connect/token') =>
    server.post(path, { grant_type: 'client_credentials', ...form });
  const send = async (key: ClientKey, id: string, difference?: AssertionDifference) =>
    (await post(await assert(key, id, at(), difference))).status;
  const accepts = async (difference: AssertionDifference, id = 'key_client', key = es256) =>
    expect(await send(key, id, difference)).toBe(200);
  const refuses = async (difference: AssertionDifference, id = 'key_client', key = es256) => {
    const { status, text } = await post(await assert(key, id, at(), difference));
    const { text: unknown } = await post({ client_id: 'nobody', client_secret: 'x' });
    expect([status, text]).toEqual([401, unknown]);
  };

  it('authenticate a client at every endpoint that asks who calls', async () => {
    const token = (await post(await assert(es256, 'key_client', at()))).body.access_token as string;
    const introspected = await post({ token, ...(await assert(es256, 'key_client', at())) }, 'connect/introspect');
    expect(introspected.body).toMatchObject({ active: true, client_id: 'key_client' });
    const revoked = await post({ token, ...(await assert(es256, 'key_client', at())) }, 'connect/revocation');
    expect(revoked.status).toBe(200);
  });

  it('say who the client is by sub; a client_id beside it must be the same (RFC 7521 §4.2)', async () => {
    const assertion = await assert(es256, 'key_client', at());
    expect((await post({ ...assertion, client_id: 'simple_client' })).status).toBe(400);
    expect((await post({ ...assertion, client_id: 'key_client' })).status).toBe(200);
  });

  it('have iss and sub alike, the client_id (§3, 1 and 2.B)', async () => {
    await refuses({ claims: { iss: 'simple_client' } });
    await refuses({ claims: { iss: undefined } });
    await refuses({ claims: { sub: 'older' } });
    await refuses({ claims: { iss: ['key_client'] } });
  });

  it('have the issuer as their sole audience, as text or as the only one of a list (RFC 10070 §4)', async () => {
    await accepts({ claims: { aud: [issuer] } });
    for (const aud of [
      `${issuer}/`,
      `${issuer}/connect/token`,
      'https://other.example.com',
      [issuer, 'https://other.example.com'],
      [issuer, issuer],
      [],
      [[issuer]],
      { [issuer]: 1 },
      undefined,
    ])
      await refuses({ claims: { aud } });
  });

  it('have it as text where the client says so (FAPI 2.0 Security Profile §5.3.2.1)', async () => {
    await accepts({}, 'fapi');
    for (const aud of [[issuer], `${issuer}/connect/token`, undefined]) await refuses({ claims: { aud } }, 'fapi');
  });

  it('may name an endpoint, or several audiences, where the client is allowed to (§3, 3)', async () => {
    await accepts({ claims: { aud: `${issuer}/connect/token` } }, 'older');
    await accepts({ claims: { aud: ['https://other.example.com', `${issuer}/connect/introspect`] } }, 'older');
    await accepts({}, 'older');
    for (const aud of ['https://other.example.com/connect/token', `${issuer}/connect`, 'connect/token', []])
      await refuses({ claims: { aud } }, 'older');
  });

  it('expire, and soon (§3, 4)', async () => {
    const now = server.clock.now();
    await accepts({ claims: { exp: now - 29 } });
    await accepts({ claims: { exp: now + 600 } });
    for (const exp of [now - 30, now + 631, now + 86_400 * 365, undefined, null, `${now + 60}`])
      await refuses({ claims: { exp } });
    await refuses({ claims: { exp: 'never' }, rewrite: (json) => json.replace('"never"', '1e999') });
  });

  it('count neither before nbf nor before iat, by more than clocks differ (§3, 5 and 6)', async () => {
    const now = server.clock.now();
    for (const name of ['nbf', 'iat']) {
      await accepts({ claims: { [name]: now + 30 } });
      await accepts({ claims: { [name]: undefined } });
      await refuses({ claims: { [name]: now + 61 } });
      await refuses({ claims: { [name]: 'now' } });
    }
  });

  it('have a jti (OpenID Connect Core §9)', async () => {
    for (const jti of [undefined, '', 7]) await refuses({ claims: { jti } });
  });

  it('count once (§3, 7), for each client, until they expire', async () => {
    const claims = { jti: 'the same' };
    const assertion = await assert(es256, 'key_client', at(), { claims });
    expect([(await post(assertion)).status, (await post(assertion)).status]).toEqual([200, 401]);
    await refuses({ claims });
    await accepts({ claims }, 'older');
  });

  it('are remembered for as long as they would be taken, also where a node whose clock is ahead tidies up (§3, 7)', async () => {
    const exp = server.clock.now() + 20;
    const [used, unused] = [
      await assert(es256, 'key_client', at(), { claims: { exp } }),
      await assert(es256, 'key_client', at(), { claims: { exp } }),
    ];
    expect((await post(used)).status).toBe(200);
    server.clock.advance(20 + 29);
    await server.app.get(UsedIdStore).removeExpired(server.clock.now() + 29, 1000);
    expect([(await post(used)).status, (await post(unused)).status]).toEqual([401, 200]);
  });

  it('use no jti up that the client did not sign', async () => {
    const claims = { jti: 'not signed' };
    await refuses({ claims }, 'key_client', other);
    await refuses({ claims: { ...claims, exp: 1 } });
    await accepts({ claims });
  });

  it('are typed, or older than types: no other kind of JWT is one (RFC 8725 §3.11)', async () => {
    for (const typ of [undefined, 'JWT', 'jwt', 'Client-Authentication+JWT']) await accepts({ header: { typ } });
    for (const typ of ['at+jwt', 'dpop+jwt', 'oauth-authz-req+jwt', '']) await refuses({ header: { typ } });
  });

  it('must be typed where the client says so', async () => {
    await accepts({}, 'strict');
    for (const typ of [undefined, 'JWT']) await refuses({ header: { typ } }, 'strict');
  });

  it('are signed with the algorithm that is agreed upon (OpenID Connect Registration §2)', async () => {
    await accepts({}, 'pinned', rs256);
    await refuses({}, 'pinned', es256);
  });

  it('are signed with one of the keys of the client that are for signatures, whatever the kid says of others', async () => {
    await accepts({}, 'several_keys', es256);
    await accepts({}, 'several_keys', other);
    await accepts({ header: { kid: undefined } }, 'several_keys', other);
    await accepts({}, 'several_keys', rs256);
    await refuses({}, 'several_keys', encryption);
    await refuses({ header: { kid: 'another key' } }, 'several_keys', es256);
    await refuses({ header: { kid: 'unknown' } }, 'several_keys', es256);
  });

  it('of a disabled client count for nothing, and use nothing up', () => refuses({}, 'disabled_key_client'));

  it('are one way: with a secret beside them they are refused (RFC 6749 §2.3)', async () => {
    const assertion = await assert(es256, 'both_ways', at());
    const basic = await server.post(
      'connect/token',
      { grant_type: 'client_credentials', ...assertion },
      { basic: 'both_ways:secret' },
    );
    const posted = await post({ ...assertion, client_id: 'both_ways', client_secret: 'secret' });
    for (const { status, body } of [basic, posted]) expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  it('are an alternative for a client that names no method and has both', async () => {
    await accepts({}, 'both_ways');
    expect((await post({ client_id: 'both_ways', client_secret: 'secret' })).status).toBe(200);
  });

  it('are the only way of a client that names them, and none of one that names another', async () => {
    expect((await post({ client_id: 'key_client', client_secret: 'secret' })).status).toBe(401);
    expect((await post({ client_id: 'key_client' })).status).toBe(401);
    await refuses({}, 'simple_client');
    await refuses({}, 'secret_jwt');
  });

  it.each(['HS256', 'HS384', 'HS512'])('may be signed with %s and the secret of the client', async (alg) => {
    await accepts({}, 'secret_jwt', secretKey(alg, secret));
    await refuses({}, 'secret_jwt', secretKey(alg, `${secret}!`));
    await refuses({}, 'nobody', secretKey(alg, secret));
  });

  it('need a secret as long as the hash (RFC 7518 §3.2)', async () => {
    const short = secret.slice(0, 32);
    await accepts({}, 'short_secret_jwt', secretKey('HS256', short));
    await refuses({}, 'short_secret_jwt', secretKey('HS384', short));
  });

  it('come with their type, which is that of RFC 7523 §2.2', async () => {
    const { client_assertion } = await assert(es256, 'key_client', at());
    const errorOf = async (form: Record<string, string>) => (await post(form)).body.error as string;
    expect(await errorOf({ client_assertion })).toBe('invalid_request');
    expect(await errorOf({ client_assertion_type: assertionType })).toBe('invalid_request');
    const saml = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer';
    expect(await errorOf({ client_assertion, client_assertion_type: saml })).toBe('invalid_client');
  });

  it.each(['x', '..', 'e30.e30.', 'e30.e30.AA', `${'a'.repeat(9)}.b.c`, 'e30.eyJzdWIiOlsia2V5X2NsaWVudCJdfQ.AA'])(
    'that cannot be read are invalid_client: %s',
    async (client_assertion) => {
      const { status, body } = await post({ client_assertion, client_assertion_type: assertionType });
      expect([status, body.error]).toEqual([401, 'invalid_client']);
    },
  );
});
