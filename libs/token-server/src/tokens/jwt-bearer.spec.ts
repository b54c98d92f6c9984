import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { GrantTypes, TokenTypeIdentifiers } from '@tessera/protocol';
import { UsedIdStore } from '@tessera/resource-model';
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { AssertedSubjects, type ClientInit, ConfigurationError, type TokenServerOptions } from '../index.js';
import {
  type Answer,
  claimsOf,
  client,
  FakeClock,
  issuer as here,
  run,
  type RunningServer,
} from '../running-server.spec.fixture.js';

const grant = GrantTypes.jwtBearer;
const partner = 'https://partner.example';
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const others = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const edwards = generateKeyPairSync('ed25519');
const jwkOf = async (key: KeyObject, kid: string) => ({ ...(await exportJWK(key)), kid });
const jwks = {
  keys: [
    await jwkOf(keys.publicKey, 'one'),
    await jwkOf(rsa.publicKey, 'two'),
    await jwkOf(edwards.publicKey, 'three'),
  ],
};
const trusted = {
  issuer: partner,
  jwks,
  clients: ['partner_app', 'gateway', 'public_app'],
  scopes: ['api1'],
  sameSubjects: true,
};

const bearer: Partial<ClientInit> = { allowedGrantTypes: [grant], allowedScopes: ['api1', 'api1.read', 'openid'] };
const clients = [
  client('partner_app', { ...bearer, allowOfflineAccess: true }),
  client('other_app', bearer),
  client('gateway', {
    allowedGrantTypes: [GrantTypes.tokenExchange, grant],
    tokenExchange: { audiences: ['api1'] },
  }),
  client('public_app', { ...bearer, requireClientSecret: false, clientSecrets: [] }),
];

let server: RunningServer;
let made = 0;

beforeAll(async () => {
  const unmapped = { ...trusted, issuer: 'https://unmapped.example', sameSubjects: false };
  const elliptic = { ...trusted, issuer: 'https://elliptic.example', algorithms: ['ES256' as const] };
  server = await run({ clients, trustedIssuers: [trusted, unmapped, elliptic] });
});

interface Difference {
  claims?: JWTPayload;
  header?: Record<string, unknown>;
  key?: KeyObject;
}

const claims = (): JWTPayload => {
  const now = server.clock.now();
  return { iss: partner, sub: 'subject-of-alice', aud: here, iat: now, exp: now + 60, jti: `assertion ${++made}` };
};

function assertion({ claims: changed, header, key = keys.privateKey }: Difference = {}): Promise<string> {
  const protectedHeader = { alg: 'ES256', kid: 'one', ...header };
  return new SignJWT({ ...claims(), ...changed }).setProtectedHeader(protectedHeader).sign(key);
}

const present = (jwt: string, form: Record<string, string> = {}, clientId = 'partner_app') =>
  server.post('connect/token', { grant_type: grant, assertion: jwt, ...form }, { basic: `${clientId}:secret` });
const refusal = ({ status, body }: Answer) => [status, body.error];
const refused = [400, 'invalid_grant'];

describe('The JWT bearer grant', () => {
  it('RFC 7523 §2.1: gives an access token about the person whom the assertion names', async () => {
    const { status, body } = await present(await assertion());
    expect(status).toBe(200);
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 3600, scope: 'api1' });
    expect(claimsOf(body.access_token)).toMatchObject({
      sub: 'subject-of-alice',
      client_id: 'partner_app',
      aud: 'api1',
      auth_time: server.clock.now(),
    });
  });

  it('RFC 7521 §4.1: gives no refresh token, and no id_token', async () => {
    for (const scope of ['openid', 'api1 offline_access']) {
      expect(refusal(await present(await assertion(), { scope }))).toEqual([400, 'invalid_scope']);
    }
  });

  it('RFC 7521 §4.1: gives no scope that the issuer is not trusted for', async () => {
    expect(refusal(await present(await assertion(), { scope: 'api1.read' }))).toEqual([400, 'invalid_scope']);
  });

  it('is for clients that an issuer is trusted for, and that prove who they are', async () => {
    expect(refusal(await present(await assertion(), {}, 'other_app'))).toEqual([400, 'unauthorized_client']);
    const form = { grant_type: grant, assertion: await assertion(), client_id: 'public_app' };
    expect(refusal(await server.post('connect/token', form))).toEqual([400, 'unauthorized_client']);
  });

  it('takes an assertion that calls itself one, and the address of the token endpoint for the server', async () => {
    for (const typ of ['JWT', 'application/jwt', 'authorization-grant+jwt']) {
      expect((await present(await assertion({ header: { typ } }))).status).toBe(200);
    }
    for (const aud of [`${here}/connect/token`, [here]]) {
      expect((await present(await assertion({ claims: { aud } }))).status).toBe(200);
    }
  });

  it('says when the person signed in, where the issuer does', async () => {
    const { body } = await present(await assertion({ claims: { auth_time: 1_700_000_000 } }));
    expect(claimsOf(body.access_token).auth_time).toBe(1_700_000_000);
  });

  it('asks the application whom an issuer means that has names of its own', async () => {
    @Injectable()
    class Mapped extends AssertedSubjects {
      async subjectOf(_issuer: object, { sub }: Readonly<Record<string, unknown>>) {
        return sub === 'Alice of the partner' ? 'subject-of-alice' : undefined;
      }
    }
    const own = await run({
      clients,
      trustedIssuers: [{ ...trusted, sameSubjects: false }],
      providers: [{ provide: AssertedSubjects, useClass: Mapped }],
    });
    const ask = async (sub: string) => {
      const form = { grant_type: grant, assertion: await assertion({ claims: { sub } }) };
      return own.post('connect/token', form, { basic: 'partner_app:secret' });
    };
    expect(claimsOf((await ask('Alice of the partner')).body.access_token).sub).toBe('subject-of-alice');
    expect(refusal(await ask('subject-of-alice'))).toEqual(refused);
    await own.close();
  });
});

describe('An issuer that publishes its keys', () => {
  it('is asked for them once, and again for a key that is not among them', async () => {
    let published = { keys: [jwks.keys[1]] };
    let asked = 0;
    const publisher = createServer((_request, response) => {
      asked++;
      response.end(JSON.stringify(published));
    });
    await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
    const jwksUri = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/keys`;
    const own = await run({
      clients,
      trustedIssuers: [{ ...trusted, jwks: undefined, jwksUri }],
      outgoing: { allowHttp: true, allowPrivateAddresses: true },
    });
    const ask = async () => {
      const form = { grant_type: grant, assertion: await assertion() };
      return (await own.post('connect/token', form, { basic: 'partner_app:secret' })).status;
    };
    expect(await ask()).toBe(400);
    published = jwks;
    own.clock.advance(31);
    expect([await ask(), await ask(), asked]).toEqual([200, 200, 2]);
    await own.close();
    await new Promise((resolve) => publisher.close(resolve));
  });
});

describe('An assertion', () => {
  it.each([
    ['RFC 7523 §3 (1): of an issuer that is not trusted', { iss: 'https://evil.example' }],
    ['RFC 7523 §3 (1): of an issuer with a slash more', { iss: `${partner}/` }],
    ['RFC 7523 §3 (1): without issuer', { iss: undefined }],
    ['RFC 7523 §3 (2): without subject', { sub: undefined }],
    ['RFC 7523 §3 (2): about nobody who is here', { sub: 'nobody' }],
    ['RFC 7523 §3 (2): about a person who is disabled', { sub: 'subject-of-mallory' }],
    ['about a person of an issuer whose names mean nothing here', { iss: 'https://unmapped.example' }],
    ['RFC 7523 §3 (3): for nobody', { aud: undefined }],
    ['RFC 7523 §3 (3): for another server', { aud: 'https://other.example' }],
    ['RFC 7523 §3 (3): for this server with a slash more', { aud: `${here}/` }],
    ['RFC 7523 §3 (3): for this server and another', { aud: [here, 'https://other.example'] }],
    ['RFC 7523 §3 (4): without end', { exp: undefined }],
    ['RFC 7523 §3 (4): that has ended', { exp: 1 }],
    ['RFC 7523 §3 (4): that ends far off', { exp: new FakeClock().now() + 301 }],
    ['RFC 7523 §3 (5): that is not good yet', { nbf: new FakeClock().now() + 31 }],
    ['RFC 7523 §3 (6): that was made later', { iat: new FakeClock().now() + 31 }],
    ['RFC 7523 §3 (7): without an id', { jti: undefined }],
  ])('%s is refused', async (_, changed) => {
    expect(refusal(await present(await assertion({ claims: changed })))).toEqual(refused);
  });

  it.each([
    ['a key that is not the issuer’s', { key: others.privateKey }],
    ['the name of another key', { header: { kid: 'three' } }],
    [
      'an algorithm that the issuer is not trusted for',
      { key: rsa.privateKey, header: { alg: 'RS256', kid: 'two' }, claims: { iss: 'https://elliptic.example' } },
    ],
    ['an extension that nobody knows', { header: { crit: ['b64'], b64: true } }],
  ] as [string, Difference][])('RFC 7523 §3 (9): with %s is refused', async (_, difference) => {
    expect(refusal(await present(await assertion(difference)))).toEqual(refused);
  });

  it.each(['at+jwt', 'logout+jwt', 'client-authentication+jwt', 'dpop+jwt', 'oauth-authz-req+jwt'])(
    'RFC 8725 §3.11: that was made for something else is refused: %s',
    async (typ) => {
      expect(refusal(await present(await assertion({ header: { typ } })))).toEqual(refused);
    },
  );

  it('RFC 8725 §3.1: that nobody signed, or that is signed with the public key as a secret, is refused', async () => {
    const unsigned = new UnsecuredJWT(claims()).encode();
    const pem = keys.publicKey.export({ type: 'spki', format: 'pem' });
    const confused = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(Buffer.from(pem));
    for (const jwt of [unsigned, confused, 'rubbish', 'a.b.c', '']) {
      const answer = await present(jwt);
      expect([answer.status, ['invalid_grant', 'invalid_request']]).toEqual([
        400,
        expect.arrayContaining([answer.body.error]),
      ]);
    }
  });

  it('RFC 7523 §3 (7): counts once', async () => {
    const jwt = await assertion();
    const answers = await Promise.all(Array.from({ length: 20 }, () => present(jwt)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(400)]);
    expect(refusal(await present(jwt))).toEqual(refused);
  });

  it('RFC 7519 §4.1.7: counts once for each issuer: none uses up the ids of another', async () => {
    const jti = 'the same';
    expect((await present(await assertion({ claims: { jti } }))).status).toBe(200);
    expect((await present(await assertion({ claims: { jti, iss: 'https://elliptic.example' } }))).status).toBe(200);
    expect(refusal(await present(await assertion({ claims: { jti } })))).toEqual(refused);
  });

  it('RFC 7523 §3 (7): is remembered until its end, also where a node whose clock is ahead tidies up', async () => {
    const jwt = await assertion();
    expect((await present(jwt)).status).toBe(200);
    server.clock.advance(59);
    await server.app.get(UsedIdStore).removeExpired(server.clock.now() + 30, 1000);
    expect(refusal(await present(jwt))).toEqual(refused);
  });

  it('is not used up by a request that is refused', async () => {
    const jwt = await assertion();
    expect((await present(jwt, { scope: 'unknown' })).status).toBe(400);
    expect((await present(jwt)).status).toBe(200);
  });
});

describe('A JWT of a trusted issuer', () => {
  const trade = (jwt: string, form: Record<string, string> = {}) =>
    server.post(
      'connect/token',
      {
        grant_type: GrantTypes.tokenExchange,
        subject_token: jwt,
        subject_token_type: TokenTypeIdentifiers.jwt,
        ...form,
      },
      { basic: 'gateway:secret' },
    );

  it('RFC 8693 §3: can be exchanged, as often as it is good, and for no longer', async () => {
    const jwt = await assertion({ claims: { jti: undefined } });
    for (const { status, body } of [await trade(jwt), await trade(jwt)]) {
      expect(status).toBe(200);
      expect(body.expires_in).toBe(60);
      expect(claimsOf(body.access_token)).toMatchObject({
        sub: 'subject-of-alice',
        scope: 'api1',
        act: { sub: 'gateway' },
      });
    }
  });

  it('RFC 8693 §2.1: is not used up by an exchange, whatever its jti; as an assertion it counts once (RFC 7523 §3 (7))', async () => {
    const jwt = await assertion();
    expect((await trade(jwt)).status).toBe(200);
    expect((await present(jwt)).status).toBe(200);
    expect(refusal(await present(jwt))).toEqual([400, 'invalid_grant']);
    expect((await trade(jwt)).status).toBe(200);
  });

  it('may call its algorithm Ed25519, as EdDSA is called later (RFC 9864 §2.2)', async () => {
    expect(
      (await present(await assertion({ key: edwards.privateKey, header: { alg: 'Ed25519', kid: 'three' } }))).status,
    ).toBe(200);
  });

  it('RFC 8693 §4.1: keeps in its chain whom its issuer calls so', async () => {
    const { body } = await trade(await assertion({ claims: { act: { sub: 'bot', name: 'left out' } } }));
    expect(claimsOf(body.access_token).act).toEqual({ sub: 'gateway', act: { sub: 'bot', iss: partner } });
  });

  it.each([
    ['longer than five', { sub: '5', act: { sub: '4', act: { sub: '3', act: { sub: '2', act: { sub: '1' } } } } }],
    ['without a name', { sub: 'bot', act: {} }],
    ['that is none', 'bot'],
  ])('RFC 8693 §4.1: is refused with a chain %s', async (_, act) => {
    expect(refusal(await trade(await assertion({ claims: { act } })))).toEqual([400, 'invalid_request']);
  });

  it('RFC 7800 §3.1: is refused where it is bound to a key', async () => {
    expect(refusal(await trade(await assertion({ claims: { cnf: { jkt: 'x' } } })))).toEqual([400, 'invalid_request']);
  });

  it('RFC 8693 §2.1: is neither about a person who is out, nor lets one act', async () => {
    const of = async (sub: string) => assertion({ claims: { sub } });
    const actedBy = async (sub: string) =>
      trade(await of('subject-of-alice'), { actor_token: await of(sub), actor_token_type: TokenTypeIdentifiers.jwt });
    expect((await actedBy('subject-of-bob')).status).toBe(200);
    for (const out of ['subject-of-mallory', 'nobody']) {
      expect(refusal(await trade(await of(out)))).toEqual([400, 'invalid_request']);
      expect(refusal(await actedBy(out))).toEqual([400, 'invalid_request']);
    }
  });

  it('RFC 8693 §4.4: names who may act', async () => {
    expect((await trade(await assertion({ claims: { may_act: { sub: 'gateway' } } }))).status).toBe(200);
    const other = await trade(await assertion({ claims: { may_act: { sub: 'another' } } }));
    expect(refusal(other)).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['of nobody who is trusted', { iss: 'https://evil.example' }],
    ['for another server', { aud: 'https://other.example' }],
  ])('is refused like an assertion: %s', async (_, changed) => {
    const { status, body } = await trade(await assertion({ claims: changed }));
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  });
});

describe('The configuration of trusted issuers', () => {
  const faultsOf = async (trustedIssuers: readonly unknown[]) => {
    const error: unknown = await run({
      clients,
      trustedIssuers: trustedIssuers as TokenServerOptions['trustedIssuers'],
    }).catch((fault: unknown) => fault);
    return error instanceof ConfigurationError ? error.faults.map(({ path }) => path) : [];
  };

  it.each([
    ['without keys', [{ ...trusted, jwks: undefined }], ['trustedIssuers[0].jwks']],
    ['with keys in two places', [{ ...trusted, jwksUri: 'https://partner.example/keys' }], ['trustedIssuers[0].jwks']],
    [
      'with a private key',
      [{ ...trusted, jwks: { keys: [{ ...jwks.keys[0], d: 'AQ' }] } }],
      ['trustedIssuers[0].jwks'],
    ],
    ['that is this server', [{ ...trusted, issuer: here }], ['trustedIssuers[0].issuer']],
    ['that stands twice', [trusted, trusted], ['trustedIssuers[1].issuer']],
    [
      'for no client and no scope',
      [{ issuer: partner, jwks }],
      ['trustedIssuers[0].clients', 'trustedIssuers[0].scopes'],
    ],
    [
      'with algorithms that everybody can sign with',
      [{ ...trusted, algorithms: ['HS256'] }],
      ['trustedIssuers[0].algorithms'],
    ],
  ])('is refused for one %s', async (_, trustedIssuers, paths) => {
    expect(await faultsOf(trustedIssuers)).toEqual(paths);
  });
});

it('RFC 8414 §2: discovery lists the grant where a client can use it', async () => {
  const listed = async (running: RunningServer) =>
    (await running.send('.well-known/openid-configuration')).body.grant_types_supported as string[];
  expect(await listed(server)).toContain(grant);
  const untrusting = await run({ clients });
  expect(await listed(untrusting)).not.toContain(grant);
  await untrusting.close();
});
