import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClientInit } from '@tessera/token-server';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { basic, FakeClock, type RunningServer, seed, startServer } from '../running-server.js';

const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const otherServer = 'https://other.example.com';

interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function pair(alg: string, kid: string): Promise<Pair> {
  const keys = await generateKeyPair(alg, { extractable: true });
  return { ...keys, jwk: { ...(await exportJWK(keys.publicKey)), kid, alg } };
}

describe('Whoever has no key of a client', () => {
  let server: RunningServer;
  let clock: FakeClock;
  let own: Pair;
  let foreign: Pair;
  let rsa: Pair;
  let publisher: Server;
  let fetched: string[];

  beforeAll(async () => {
    [own, foreign, rsa] = await Promise.all([pair('ES256', 'key'), pair('ES256', 'key'), pair('RS256', 'rsa')]);
    clock = new FakeClock();
    fetched = [];
    publisher = createServer((request, response) => {
      fetched.push(request.url!);
      if (request.url === '/redirecting') response.writeHead(302, { location: '/keys' }).end();
      else response.end(JSON.stringify({ keys: [own.jwk] }));
    });
    await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
    const published = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`;
    const client = (clientId: string, difference: object): ClientInit => ({
      clientId,
      allowedGrantTypes: ['client_credentials'],
      allowedScopes: ['api1'],
      tokenEndpointAuthMethod: 'private_key_jwt',
      ...difference,
    });
    server = await startServer({
      clock,
      logger: ['error'],
      options: {
        outgoing: { allowPrivateAddresses: true, allowHttp: true },
        clients: [
          ...seed.clients,
          client('victim', { jwks: { keys: [own.jwk, rsa.jwk] } }),
          client('attacker', { jwks: { keys: [foreign.jwk] } }),
          client('unnamed_method', { tokenEndpointAuthMethod: undefined, jwks: { keys: [rsa.jwk] } }),
          client('publishing', { jwksUri: `${published}/keys` }),
          client('redirecting', { jwksUri: `${published}/redirecting` }),
        ],
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await new Promise((resolve) => publisher.close(resolve));
  });
  beforeEach(() => void (fetched = []));

  interface Forgery {
    readonly by?: Pair;
    readonly alg?: string;
    readonly header?: object;
    readonly claims?: object;
  }
  const signed = (client: string, { by = own, alg = 'ES256', header, claims }: Forgery = {}) => {
    const now = clock.now();
    const good = { iss: client, sub: client, aud: server.url, exp: now + 60, iat: now, jti: randomUUID() };
    return new SignJWT({ ...good, ...claims })
      .setProtectedHeader({ alg, kid: by.jwk.kid, ...header })
      .sign(by.privateKey);
  };
  const present = (assertion: string, more: Record<string, string> = {}, headers?: Record<string, string>) =>
    server.form(
      'connect/token',
      {
        grant_type: 'client_credentials',
        client_assertion_type: clientAssertionType,
        client_assertion: assertion,
        ...more,
      },
      headers,
    );
  const refuse = async (assertion: string) => {
    const { status, body } = await present(assertion);
    expect([status, body]).toEqual([401, { error: 'invalid_client', error_description: expect.any(String) }]);
  };

  it('lets the client itself in, so that the refusals below mean something', async () => {
    expect((await present(await signed('victim'))).status).toBe(200);
    expect((await present(await signed('victim', { by: rsa, alg: 'RS256' }))).status).toBe(200);
  });

  describe('and saw an assertion', () => {
    it('cannot send it again, at this endpoint or another', async () => {
      const assertion = await signed('victim');
      expect((await present(assertion)).status).toBe(200);
      await refuse(assertion);
      const form = { token: 'x', client_assertion_type: clientAssertionType, client_assertion: assertion };
      for (const path of ['connect/introspect', 'connect/revocation'])
        expect((await server.form(path, form)).status).toBe(401);
    });

    it('cannot send it at the same time: of 20 exactly one is let in', async () => {
      const assertion = await signed('victim');
      const answers = await Promise.all(Array.from({ length: 20 }, () => present(assertion)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(401)]);
    });

    it('cannot send it again when it has expired, however long its id was forgotten', async () => {
      const assertion = await signed('victim');
      await present(assertion);
      for (const seconds of [59, 31, 100_000]) {
        clock.advance(seconds);
        await refuse(assertion);
      }
    });

    it('cannot write it in another way (RFC 7515 §2)', async () => {
      const assertion = await signed('victim');
      await present(assertion);
      const [header, payload, signature] = assertion.split('.') as [string, string, string];
      for (const variant of [`${assertion}=`, `${assertion} `, `${header}.${payload}=.${signature}`, `${assertion}.`])
        await refuse(variant);
    });
  });

  describe('but runs a server that the client talks to (RFC 10070 §2)', () => {
    it.each([
      ['for that server', () => otherServer],
      ['for its token endpoint', () => `${otherServer}/connect/token`],
      ['for that server and this one', () => [otherServer, server.url]],
      ['for this one and that server', () => [server.url, otherServer]],
      ['for the token endpoint here, which that server may call its own', () => `${server.url}/connect/token`],
      ['for this one with something behind it', () => `${server.url}#`],
      ['for nobody', () => []],
    ])('gets an assertion %s, which is of no use here', async (_what, aud) => {
      await refuse(await signed('victim', { claims: { aud: aud() } }));
    });
  });

  describe('but is a client itself', () => {
    it('cannot sign for another', async () => {
      await refuse(await signed('victim', { by: foreign }));
      await refuse(await signed('victim', { by: foreign, claims: { iss: 'attacker' } }));
      await refuse(await signed('attacker', { by: foreign, claims: { iss: 'victim' } }));
    });

    it('cannot name another beside its own assertion', async () => {
      const { status } = await present(await signed('attacker', { by: foreign }), { client_id: 'victim' });
      expect(status).toBe(400);
      const { status: withBasic } = await present(
        await signed('attacker', { by: foreign }),
        {},
        basic('simple_client'),
      );
      expect(withBasic).toBe(400);
    });

    it('cannot use up ids of another', async () => {
      const claims = { jti: 'chosen' };
      expect((await present(await signed('attacker', { by: foreign, claims }))).status).toBe(200);
      await refuse(await signed('victim', { by: foreign, claims }));
      expect((await present(await signed('victim', { claims }))).status).toBe(200);
    });
  });

  describe('and picks the algorithm', () => {
    const unsigned = (alg: string) => {
      const now = clock.now();
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = { iss: 'victim', sub: 'victim', aud: server.url, exp: now + 60, jti: randomUUID() };
      return `${encode({ alg, kid: 'rsa' })}.${encode(claims)}`;
    };

    it.each(['none', 'None', 'NONE', '', 'HS256', 'ES256K', 'RSA-OAEP'])('gets nothing by %j without a signature', (alg) =>
      refuse(`${unsigned(alg)}.`),
    ); // prettier-ignore

    it.each(['victim', 'unnamed_method'])('gets nothing by HS256 with the public key of %s for a secret', async (id) => {
      const { publicKey, jwk } = rsa;
      for (const key of [await exportSPKI(publicKey), JSON.stringify(jwk), jwk.n!]) {
        const input = unsigned('HS256').replace(/\..*/, '');
        const now = clock.now();
        const claims = { iss: id, sub: id, aud: server.url, exp: now + 60, jti: randomUUID() };
        const body = `${input}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
        await refuse(`${body}.${createHmac('sha256', key).update(body).digest('base64url')}`);
      }
    }); // prettier-ignore

    it('gets nothing by a key that the header brings along (RFC 8725 §3.10)', async () => {
      const jku = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/jku`;
      for (const header of [
        { jwk: foreign.jwk },
        { jku },
        { x5u: jku },
        { x5c: ['MIIB'] },
        { kid: undefined, jwk: foreign.jwk, jku },
      ])
        await refuse(await signed('victim', { by: foreign, header }));
      expect(fetched).toEqual([]);
    });

    it('gets nothing by a header that demands what is not understood (RFC 7515 §4.1.11)', async () => {
      const [, payload, signature] = (await signed('victim')).split('.');
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'key', crit: ['exp'] })).toString('base64url');
      await refuse(`${header}.${payload}.${signature}`);
    });
  });

  it.each([
    ['expired', -31],
    ['is for a year', 31_536_000],
    ['is for an hour', 3600],
  ])('cannot keep an assertion in stock that %s', async (_what, seconds) => {
    await refuse(await signed('victim', { claims: { exp: clock.now() + seconds } }));
  });

  describe('and invents key ids', () => {
    it('has the keys of a client fetched once more, and then not until the cool-down is over', async () => {
      expect((await present(await signed('publishing'))).status).toBe(200);
      expect(fetched).toEqual(['/keys']);
      const flood = () =>
        Promise.all(
          Array.from({ length: 30 }, async () =>
            refuse(await signed('publishing', { by: foreign, header: { kid: randomUUID() } })),
          ),
        );
      await flood();
      await flood();
      expect(fetched).toEqual(['/keys', '/keys']);
      clock.advance(30);
      await flood();
      await flood();
      expect(fetched).toEqual(['/keys', '/keys', '/keys']);
      expect((await present(await signed('publishing'))).status).toBe(200);
    });
  });

  it('cannot lead the server elsewhere by a redirect', async () => {
    await refuse(await signed('redirecting'));
    expect(fetched).toEqual(['/redirecting']);
  });
});

describe('A server that may not call private addresses', () => {
  const addresses = [
    'https://127.0.0.1:PORT/keys',
    'https://localhost:PORT/keys',
    'https://[::1]:PORT/keys',
    'https://[::ffff:127.0.0.1]:PORT/keys',
    'https://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:PORT/keys',
  ];
  let server: RunningServer;
  let inside: Server;
  let calls = 0;
  let warnings: string[];
  let privateKey: CryptoKey;

  beforeAll(async () => {
    inside = createServer().on('connection', () => calls++);
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
    const { port } = inside.address() as AddressInfo;
    ({ privateKey } = await generateKeyPair('ES256'));
    server = await startServer({
      logger: { log() {}, error() {}, warn: (message: unknown) => void warnings.push(String(message)) },
      options: {
        clients: addresses.map((address, index) => ({
          clientId: `client ${index}`,
          allowedGrantTypes: ['client_credentials'],
          allowedScopes: ['api1'],
          jwksUri: address.replace('PORT', `${port}`),
        })),
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await new Promise((resolve) => inside.close(resolve));
  });
  beforeEach(() => void (warnings = []));

  it.each(addresses.map((address, index) => [address, `client ${index}`]))(
    'fetches no keys from %s',
    async (_a, id) => {
      const assertion = await new SignJWT({ iss: id, sub: id, aud: server.url, jti: 'a' })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setExpirationTime('1m')
        .sign(privateKey);
      const form = { client_assertion_type: clientAssertionType, client_assertion: assertion };
      const { status, body } = await server.form('connect/token', { grant_type: 'client_credentials', ...form });
      expect([status, body.error, calls]).toEqual([401, 'invalid_client', 0]);
      expect(warnings).toEqual([expect.stringMatching(/is private or special-purpose|only https is/)]);
    },
  );

  it.each(['https://2130706433/keys', 'https://0x7f.1/keys', 'https://017700000001/keys', 'file:///etc/keys'])(
    'starts with no client whose keys are at %s',
    async (jwksUri) => {
      const [simple] = seed.clients;
      const starting = startServer({ logger: false, options: { clients: [{ ...simple!, jwksUri }] } });
      await expect(starting).rejects.toThrow('jwksUri must be an absolute http or https URL');
    },
  );
});
