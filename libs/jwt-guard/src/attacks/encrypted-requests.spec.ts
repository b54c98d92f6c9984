import { Controller, Get, type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { curveKey, forgedJwe, rsaKey } from '../decryption/api-keys.spec.fixture.js';
import { Access, tokenOf } from '../guard/parameter.decorators.js';
import { TestIssuer } from '../testing/index.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import { AttackedApi, rawHeaders } from './attacked-api.spec.fixture.js';

const Token = createParamDecorator((_: unknown, context: ExecutionContext) => tokenOf(context));

@Controller('things')
class ThingsController {
  @Get()
  list(@Access() access: VerifiedAccess, @Token() token: string): object {
    return { subject: access.subject, token };
  }
}

describe.each(['Fastify', 'Express'] as const)('An API on %s that takes encrypted tokens alone', (adapter) => {
  const rsa = rsaKey('rsa');
  const curve = curveKey('curve');
  const issuer = new TestIssuer({ audience: 'api1' });
  let api: AttackedApi;
  beforeAll(async () => {
    const decryption = { keys: [rsa, curve], required: true };
    const options = issuer.guardOptions({ audience: 'api1', decryption, dpop: 'allowed' });
    api = await AttackedApi.start(adapter, options, { controllers: [ThingsController] });
  });
  afterAll(() => api.close());

  const send = (headers: Readonly<Record<string, string>>) => api.raw('/things', rawHeaders(headers));
  const bearer = (token: string) => send({ authorization: `Bearer ${token}` });

  it('lets in who brings one, first and again; handlers are given the token as it came', async () => {
    const token = await issuer.encrypt(issuer.token({ sub: 'bob' }), curve);
    for (let time = 0; time < 3; time++) {
      const { status, body } = await bearer(token);
      expect([status, JSON.parse(body)]).toEqual([200, { subject: 'bob', token }]);
    }
  });

  it('refuses what is only signed, as it says', async () => {
    const { status, headers, body } = await bearer(issuer.token());
    expect([status, JSON.parse(body)]).toEqual([
      401,
      {
        error: 'invalid_token',
        error_description: 'The token is only signed, and this API accepts encrypted tokens alone.',
      },
    ]);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
  });

  it('answers the same to everything that cannot be opened: it is no oracle (RFC 7516 §11.4)', async () => {
    const good = forgedJwe(issuer.token(), rsa);
    const [header, key, iv, text, tag] = good.split('.') as [string, string, string, string, string];
    const answers = await Promise.all(
      [
        [header, key, iv, text, `A${tag.slice(1)}`],
        [header, key, iv, `AAAA${text.slice(4)}`, tag],
        [header, `AAAA${key.slice(4)}`, iv, text, tag],
        [header, '', iv, text, tag],
        [header, key, iv, text, ''],
        forgedJwe(issuer.token(), { ...rsaKey(), kid: 'rsa' }).split('.'),
        forgedJwe('no token at all', rsa).split('.'),
        forgedJwe(good, rsa).split('.'),
        forgedJwe(issuer.token(), rsa, { header: { alg: 'RSA1_5' } }).split('.'),
        forgedJwe(issuer.token(), rsa, { header: { zip: 'DEF' } }).split('.'),
      ].map((parts) => bearer(parts.join('.'))),
    );
    const said = answers.map(({ status, headers, body }) =>
      JSON.stringify([status, body, headers['www-authenticate'], Object.keys(headers).sort()]),
    );
    expect(new Set(said).size).toBe(1);
    expect([answers[0]!.status, JSON.parse(answers[0]!.body)]).toEqual([
      401,
      { error: 'invalid_token', error_description: 'The token cannot be opened with the keys of this API.' },
    ]);
    expect((await bearer(good)).status).toBe(200);
  });

  describe('bound to a key of its sender (RFC 9449)', () => {
    const holder = issuer.dpopHolder();
    const proven = (token: string, proofFor = token) => ({
      authorization: `DPoP ${token}`,
      dpop: holder.proof('GET', `${api.url}/things`, proofFor),
    });

    it('ath is the hash of the token as it is presented: of the encrypted one (RFC 9449 §4.2, §4.3)', async () => {
      const inner = holder.token();
      const token = await issuer.encrypt(inner, curve);
      expect((await send(proven(token))).status).toBe(200);
      expect((await send(proven(token))).status).toBe(200);
      const forInner = await send(proven(token, inner));
      expect([forInner.status, JSON.parse(forInner.body).error]).toEqual([401, 'invalid_dpop_proof']);
    });

    it('needs its proof, whether it was verified before or not, and only the token that the proof is for', async () => {
      const inner = holder.token();
      const [token, twin] = [await issuer.encrypt(inner, curve), await issuer.encrypt(inner, curve)];
      for (let time = 0; time < 2; time++) {
        expect((await bearer(token)).status).toBe(401);
        expect((await send({ authorization: `DPoP ${token}` })).status).toBe(401);
        expect((await send(proven(twin, token))).status).toBe(401);
        expect((await send(proven(token))).status).toBe(200);
      }
    });

    it('an envelope does not make a bearer token of it, nor a bound one of a bearer token', async () => {
      const unbound = await issuer.encrypt(issuer.token(), curve);
      expect((await send(proven(unbound))).status).toBe(401);
      expect((await bearer(unbound)).status).toBe(200);
    });
  });
});
