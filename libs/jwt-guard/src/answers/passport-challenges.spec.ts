import { Controller, Get, UseGuards, type DynamicModule } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { AttackedApi, rawHeaders } from '../attacks/attacked-api.spec.fixture.js';
import { RequirementsGuard } from '../guard/requirements.guard.js';
import { TesseraPassportModule } from '../passport/index.js';
import { RequireMaxAge } from '../requirements/require-authentication.decorators.js';
import { RequireScopes } from '../requirements/require-scopes.decorator.js';
import { TestIssuer } from '../testing/index.js';

@Controller('things')
@UseGuards(AuthGuard('tessera-jwt'), RequirementsGuard)
class ThingsController {
  @Get()
  @RequireScopes('things.read')
  list(): object {
    return { ok: true };
  }

  @Get('recent')
  @RequireMaxAge(60)
  recent(): object {
    return { ok: true };
  }
}

const issuer = new TestIssuer();
const holder = issuer.dpopHolder();
const algs = 'algs="ES256 ES384 ES512 EdDSA PS256 RS256"';

describe.each(['Fastify', 'Express'] as const)('Challenges behind Passport, on %s', (adapter) => {
  let api: AttackedApi;
  beforeAll(async () => {
    const passport: DynamicModule = TesseraPassportModule.forRoot();
    const options = { ...issuer.guardOptions({ audience: 'api1', dpop: 'allowed' }), global: false };
    api = await AttackedApi.start(adapter, options, { controllers: [ThingsController], imports: [passport] });
  });
  afterAll(() => api.close());

  it('RFC 9449 §7.1: what is required is asked for under the scheme that was used', async () => {
    const token = holder.token();
    const asDpop = await api.raw('/things', rawHeaders(holder.headers('GET', `${api.url}/things`, token)));
    const insufficient =
      'error="insufficient_scope", error_description="The token needs the scope things.read.", scope="things.read"';
    expect([asDpop.status, asDpop.headers['www-authenticate']]).toEqual([
      403,
      `Bearer realm="api1", DPoP realm="api1", ${insufficient}, ${algs}`,
    ]);
    const asBearer = await api.raw('/things', ['Authorization', `Bearer ${issuer.token()}`]);
    expect(asBearer.headers['www-authenticate']).toBe(
      `Bearer realm="api1", ${insufficient}, DPoP realm="api1", ${algs}`,
    );
    const recent = await api.raw(
      '/things/recent',
      rawHeaders(holder.headers('GET', `${api.url}/things/recent`, token)),
    );
    expect([recent.status, recent.headers['www-authenticate']]).toEqual([
      401,
      `Bearer realm="api1", DPoP realm="api1", error="insufficient_user_authentication", error_description="A more recent sign-in is needed.", max_age="60", ${algs}`,
    ]);
  });

  it('RFC 9449 §7.2: a bound token as Bearer, and a proof that was used before', async () => {
    const token = holder.token({ scope: 'things.read' });
    const headers = rawHeaders(holder.headers('GET', `${api.url}/things`, token));
    expect((await api.raw('/things', headers)).status).toBe(200);
    const again = await api.raw('/things', headers);
    expect([again.status, again.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Bearer realm="api1", DPoP realm="api1", error="invalid_dpop_proof"/),
    ]);
    const asBearer = await api.bearer('/things', token);
    expect(asBearer.headers.get('www-authenticate')).toMatch(/^Bearer realm="api1", error="invalid_token"/);
  });
});
