import { inspect } from 'node:util';
import { Controller, Get, type LoggerService } from '@nestjs/common';
import { curveKey, forgedJwe, rsaKey } from '../decryption/api-keys.spec.fixture.js';
import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { GuardSettings } from '../options/guard-settings.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { RequireClaims } from '../requirements/require-claims.decorator.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';
import { AttackedApi } from './attacked-api.spec.fixture.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { ok: true };
  }

  @Get('scoped')
  @RequireScopes('none-has-it')
  scoped(): object {
    return { ok: true };
  }

  @Get('throws')
  @RequireClaims((claims) => (claims.organisation as { id: string }).id === 'a')
  throws(): object {
    return { ok: true };
  }
}

const clientSecret = 'the-very-secret-of-this-api';
const nonceSecret = 'the-secret-from-which-nonces-are-made';

/** Everything that a guard said to anybody. */
class Listener implements LoggerService {
  readonly heard: string[] = [];
  readonly log = (...said: unknown[]): void => this.hear(said);
  readonly error = this.log;
  readonly warn = this.log;
  readonly debug = this.log;
  readonly verbose = this.log;
  readonly fatal = this.log;

  hear(...said: unknown[]): void {
    this.heard.push(inspect(said, { depth: 20, showHidden: true, maxStringLength: Infinity, breakLength: Infinity }));
  }

  /** What of these secrets was said: whole, or a part of a token that is long enough to be told from words. */
  said(secrets: readonly string[]): string[] {
    const all = this.heard.join('\n');
    return secrets
      .flatMap((secret) => [secret, ...secret.split('.')])
      .filter((part) => part.length > 12 && all.includes(part));
  }
}

const open: AttackedApi[] = [];
afterAll(() => Promise.all(open.map((api) => api.close())));

describe.each(['Fastify', 'Express'] as const)(
  'Neither answers nor logs nor hooks say a token or a secret, on %s',
  (adapter) => {
    let listener: Listener;
    let api: AttackedApi;

    async function start(options: JwtGuardOptions): Promise<void> {
      listener = new Listener();
      const hear = (...said: unknown[]): void => listener.hear(...said);
      // The request that comes with a refusal is the application's own, with all that it brought.
      const refused = (error: unknown): void => hear(error);
      const hooks = { refused, keysFailed: hear, introspectionFailed: hear, keysFetched: hear };
      api = await AttackedApi.start(
        adapter,
        { ...options, hooks },
        { controllers: [ThingsController], logger: listener },
      );
      open.push(api);
    }

    async function send(path: string, ...headers: string[]): Promise<number> {
      const answer = await api.raw(path, headers);
      listener.hear(answer.body, answer.headers);
      return answer.status;
    }

    it('whatever is wrong with a token', async () => {
      const issuer = new TestIssuer();
      await start(
        issuer.guardOptions({ audience: 'api1', dpop: { mode: 'allowed', requireNonce: true, nonceSecret } }),
      );
      const holder = issuer.dpopHolder();
      const tokens = [
        ...issuer.bad.all().map(([, make]) => make()),
        'a-text-that-is-no-token-at-all',
        `${'x'.repeat(20)}.${'y'.repeat(20)}.${'z'.repeat(20)}`,
        `${issuer.token()}.more-than-three-parts`,
        issuer.token({}, { header: { kid: 'a-kid-that-is-not-known' } }),
        issuer.token({ padding: 'x'.repeat(10_000) }).slice(0, -1),
        issuer.token({ cnf: { unknown: 'a-binding-that-is-not-known' } }),
        issuer.token({ iss: 'https://another-issuer.example.com/with/a/long/path' }),
        issuer.token({ scope: { 'a-scope-that-is-no-text': 1 } as never }),
        'x'.repeat(17_000),
      ];
      for (const token of tokens) expect(await send('/things', 'Authorization', `Bearer ${token}`)).not.toBe(200);
      expect(await send('/things/scoped', 'Authorization', `Bearer ${issuer.token()}`)).toBe(403);
      const good = [issuer.token(), holder.token()] as const;
      expect(await send('/things/throws', 'Authorization', `Bearer ${good[0]}`)).toBe(500);
      const proofs = [
        holder.proof('GET', `${api.url}/elsewhere`, good[1]),
        holder.proof('GET', `${api.url}/things`, good[1], { claims: { jti: undefined } }),
        holder.proof('GET', `${api.url}/things`, good[1], { header: { alg: 'none' } }),
        holder.proof('GET', `${api.url}/things`, good[1], { nonce: 'a-nonce-that-is-not-ours' }),
        'a-text-that-is-no-proof-at-all',
      ];
      for (const proof of proofs)
        expect(await send('/things', 'Authorization', `DPoP ${good[1]}`, 'DPoP', proof)).toBe(401);
      expect(listener.heard.length).toBeGreaterThan(50);
      expect(listener.said([...tokens, ...good, ...proofs, nonceSecret])).toEqual([]);
    });

    it('whatever is wrong with an encrypted token', async () => {
      const issuer = new TestIssuer();
      const [rsa, curve] = [rsaKey('rsa'), curveKey('curve')];
      await start(issuer.guardOptions({ audience: 'api1', decryption: { keys: [rsa, curve], required: true } }));
      const inner = issuer.token({ sub: 'somebody-with-a-name' });
      const good = await issuer.encrypt(inner, rsa);
      const tokens = [
        inner,
        good.slice(0, -4),
        `${good}AAAA`,
        good.replace('.', '.AAAA'),
        ...(await Promise.all(
          [issuer.bad.tampered(), issuer.bad.forOtherAudience(), good, 'a-text-that-is-no-token'].map((token) =>
            issuer.encrypt(token, curve),
          ),
        )),
        await issuer.encrypt(inner, rsa, { header: { kid: 'a-kid-that-is-not-known' } }),
        forgedJwe(inner, rsa, { header: { zip: 'DEF' } }),
        forgedJwe(inner, rsa, { header: { alg: 'an-algorithm-that-is-not-known' } }),
      ];
      for (const token of tokens) expect(await send('/things', 'Authorization', `Bearer ${token}`)).toBe(401);
      expect(await send('/things', 'Authorization', `Bearer ${good}`)).toBe(200);
      listener.hear(api.app.get(GuardSettings));
      expect(listener.heard.join()).toContain('DecryptionKey');
      expect(listener.said([...tokens, good, rsa.d!, rsa.p!, curve.d!])).toEqual([]);
    });

    it('whatever is wrong with the issuer', async () => {
      const issuer = await LoopbackIssuer.start();
      issuer.metadata = { introspection_endpoint: `${issuer.url}/introspect` };
      let now = Date.now();
      const introspection = { clientId: 'api1', clientSecret };
      await start({ issuer: issuer.url, audience: 'api1', introspection, clock: () => now });
      const references = ['a-reference-token-of-somebody', 'another-reference-token-of-somebody'];
      const token = await issuer.token({}, { header: { kid: 'a-kid-that-is-not-known' } });
      const answers: [number, string][] = [
        [500, `the token ${references[0]} and the secret ${clientSecret} are not known`],
        [401, '{"error":"invalid_client"}'],
        [200, '{"active":"yes"}'],
        [200, 'not json'],
      ];
      for (const [status, body] of answers) {
        issuer.faults.set('/introspect', (response) => response.writeHead(status).end(body));
        issuer.faults.set('/jwks', (response) => response.writeHead(status).end(body));
        now += 10_000_000;
        for (const one of [...references, token])
          expect([401, 503]).toContain(await send('/things', 'Authorization', `Bearer ${one}`));
      }
      await issuer.close();
      now += 10_000_000;
      for (const one of [...references, token])
        expect(await send('/things', 'Authorization', `Bearer ${one}`)).toBe(503);
      expect(listener.heard.join()).toContain('cannot be asked about reference tokens');
      const basic = Buffer.from(`api1:${clientSecret}`).toString('base64');
      expect(listener.said([...references, token, clientSecret, basic])).toEqual([]);
    });
  },
);
