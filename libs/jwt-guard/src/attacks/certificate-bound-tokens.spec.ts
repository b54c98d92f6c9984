import { Controller, Get } from '@nestjs/common';
import { selfSigned } from '../certificates/client-certificates.spec.fixture.js';
import type { Adapter } from '../guard/guarded-app.spec.fixture.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { TestIssuer } from '../testing/index.js';
import { AttackedApi, type RawAnswer } from './attacked-api.spec.fixture.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { ok: true };
  }
}

const server = selfSigned('localhost');
const owner = selfSigned('owner');
const thief = selfSigned('thief');
const issuer = new TestIssuer();
const bound = () => issuer.token({}, { certificate: owner.cert });
const open: AttackedApi[] = [];
afterAll(() => Promise.all(open.map((api) => api.close())));

async function start(adapter: Adapter, options: Partial<JwtGuardOptions>, tls: boolean): Promise<AttackedApi> {
  const api = await AttackedApi.start(adapter, issuer.guardOptions({ audience: 'api1', ...options }), {
    controllers: [ThingsController],
    ...(tls && { https: { key: server.key, cert: server.cert, requestCert: true, rejectUnauthorized: false } }),
  });
  open.push(api);
  return api;
}

const verdict = ({ status, body }: RawAnswer): unknown[] => [
  status,
  (JSON.parse(body) as { error_description?: string }).error_description,
];
const mismatch = [401, 'The token is bound to another client certificate than the one of this connection.'];
const escaped = ({ cert }: { cert: string }): string => encodeURIComponent(cert);

describe.each(['Fastify', 'Express'] as const)('Tokens bound to a certificate, on %s with TLS', (adapter) => {
  let api: AttackedApi;
  beforeAll(async () => (api = await start(adapter, { mtls: 'allowed' }, true)));

  const ask = (token: string, certificate?: { cert: string; key: string }, more: string[] = [], at = api) =>
    at.raw('/things', ['Authorization', `Bearer ${token}`, ...more], {
      rejectUnauthorized: false,
      ...(certificate && { cert: certificate.cert, key: certificate.key }),
    } as object);

  it('RFC 8705 §3: comes in over a connection with its certificate', async () => {
    expect((await ask(bound(), owner)).status).toBe(200);
  });

  it('RFC 8705 §3: without a certificate, and with another one, it is refused as invalid_token', async () => {
    for (const certificate of [undefined, thief, server]) {
      const answer = await ask(bound(), certificate);
      expect(verdict(answer)).toEqual(mismatch);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    }
  });

  it('also once its owner was let in with it: that a token was verified says nothing of who brings it', async () => {
    const token = bound();
    expect((await ask(token, owner)).status).toBe(200);
    expect(verdict(await ask(token, thief))).toEqual(mismatch);
    expect(verdict(await ask(token))).toEqual(mismatch);
    expect((await ask(token, owner)).status).toBe(200);
  });

  it.each(['X-Client-Cert', 'X-SSL-Cert', 'Client-Cert', 'X-Forwarded-Client-Cert', 'X-ARR-ClientCert'])(
    'a forged %s header makes no difference where the connection is what counts',
    async (name) => {
      for (const value of [escaped(owner), owner.der.toString('base64'), `:${owner.der.toString('base64')}:`]) {
        expect(verdict(await ask(bound(), thief, [name, value]))).toEqual(mismatch);
        expect(verdict(await ask(bound(), undefined, [name, value]))).toEqual(mismatch);
      }
    },
  );

  it('a token that is bound to nothing comes in where this is allowed, and not where binding is required', async () => {
    expect((await ask(issuer.token())).status).toBe(200);
    const strict = await start(adapter, { mtls: 'required' }, true);
    expect((await ask(issuer.token(), owner, [], strict)).status).toBe(401);
    expect((await ask(bound(), owner, [], strict)).status).toBe(200);
  });

  it('a bound token is refused where certificates are not checked, whoever brings it', async () => {
    const lax = await start(adapter, {}, true);
    expect(verdict(await ask(bound(), owner, [], lax))).toEqual([
      401,
      'The token is bound to a key, and this API does not check a client certificate.',
    ]);
  });

  it('a token bound to a certificate and to a DPoP key needs both', async () => {
    const both = await start(adapter, { mtls: 'allowed', dpop: 'allowed' }, true);
    const holder = issuer.dpopHolder();
    const url = `${both.url}/things`;
    const cnf = { jkt: holder.thumbprint, 'x5t#S256': owner.thumbprint };
    const with_ = (certificate: typeof owner | undefined, scheme: 'DPoP' | 'Bearer') => {
      const token = issuer.token({ cnf });
      const headers = ['Authorization', `${scheme} ${token}`, 'DPoP', holder.proof('GET', url, token)];
      const options = { rejectUnauthorized: false, cert: certificate?.cert, key: certificate?.key } as object;
      return both.raw('/things', headers, options);
    };
    expect((await with_(owner, 'DPoP')).status).toBe(200);
    expect((await with_(owner, 'Bearer')).status).toBe(401);
    expect((await with_(thief, 'DPoP')).status).toBe(401);
    expect((await with_(undefined, 'DPoP')).status).toBe(401);
  });
});

describe.each(['Fastify', 'Express'] as const)('Tokens bound to a certificate, on %s behind a proxy', (adapter) => {
  let api: AttackedApi;
  beforeAll(async () => {
    api = await start(adapter, { mtls: { mode: 'required', certificate: { header: 'X-Client-Cert' } } }, false);
  });
  const ask = (token: string, ...headers: string[]) =>
    api.raw('/things', ['Authorization', `Bearer ${token}`, ...headers]);

  it('come in with the certificate that the proxy passes on', async () => {
    expect((await ask(bound(), 'X-Client-Cert', escaped(owner))).status).toBe(200);
    expect((await ask(bound(), 'x-client-cert', owner.der.toString('base64'))).status).toBe(200);
  });

  it('are refused with another one, an empty one and none', async () => {
    expect(verdict(await ask(bound(), 'X-Client-Cert', escaped(thief)))).toEqual(mismatch);
    expect(verdict(await ask(bound(), 'X-Client-Cert', ''))).toEqual(mismatch);
    expect(verdict(await ask(bound()))).toEqual(mismatch);
  });

  it('are refused with two, whichever of them is good, and with one that is unreadable', async () => {
    const [good, bad] = [escaped(owner), escaped(thief)];
    for (const [first, second] of [
      [good, bad],
      [bad, good],
      [good, good],
    ]) {
      expect((await ask(bound(), 'X-Client-Cert', first!, 'X-Client-Cert', second!)).status).toBe(400);
    }
    for (const value of ['rubbish', `${good}, ${bad}`, good.slice(0, -40), `${owner.der.toString('base64')}AAAA`]) {
      expect((await ask(bound(), 'X-Client-Cert', value)).status).toBe(401);
    }
  });
});
