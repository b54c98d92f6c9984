import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { GuardSettings } from '../options/guard-settings.js';
import type { JwtGuardOptions } from '../options/jwt-guard.options.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { IssuerKeySource } from './issuer-key-source.js';

let issuer: LoopbackIssuer;
let now: number;
let failures: string[];

beforeEach(async () => {
  issuer = await LoopbackIssuer.start();
  now = 1_000_000;
  failures = [];
});
afterEach(() => issuer.close());

function source(options: Partial<JwtGuardOptions> = {}): IssuerKeySource {
  const settings = new GuardSettings({ issuer: issuer.url, audience: 'api1', clock: () => now * 1000, ...options });
  return new IssuerKeySource(settings, (error) => failures.push(error.message));
}

async function outcome(keys: IssuerKeySource, kid = 'first'): Promise<string> {
  try {
    await keys.keyFor({ alg: 'ES256', kid });
    return 'found';
  } catch (error) {
    if (error instanceof AccessTokenError) return error.code;
    throw error;
  }
}

describe('Metadata and key sets are not believed blindly', () => {
  it.each([
    ['a trailing slash', (url: string) => `${url}/`],
    ['another host', () => 'https://evil.example.com'],
    ['nothing', () => undefined],
  ])('metadata that name %s as the issuer are refused', async (_, named) => {
    issuer.metadata = { issuer: named(issuer.url) };
    expect(await outcome(source())).toBe('issuer_unavailable');
    expect(issuer.jwksFetches).toBe(0);
    expect(failures[0]).toContain('letter for letter');
  });

  it.each(['http://id.example.com/jwks', 'file:///etc/passwd', undefined])(
    '%s is refused as a jwks_uri',
    async (uri) => {
      issuer.metadata = { jwks_uri: uri };
      expect(await outcome(source())).toBe('issuer_unavailable');
      expect(failures[0]).toContain('the jwks_uri');
    },
  );

  it('a redirect is not followed', async () => {
    issuer.faults.set('/jwks', (response) => response.writeHead(302, { location: `${issuer.url}/elsewhere` }).end());
    expect(await outcome(source())).toBe('issuer_unavailable');
    expect(issuer.requests).not.toContain('/elsewhere');
  });

  it('an answer over the size limit is not read to its end', async () => {
    issuer.faults.set('/jwks', (response) => response.end(`{"keys":[]${' '.repeat(600 * 1024)}}`));
    expect(await outcome(source())).toBe('issuer_unavailable');
    expect(failures[0]).toContain('longer than');
  });

  it('an answer that does not come in time is given up', async () => {
    issuer.faults.set('/jwks', (response) => response.write('{'));
    expect(await outcome(source({ fetchTimeout: 1 }))).toBe('issuer_unavailable');
    expect(failures[0]).toContain('timeout');
  });

  it.each(['not json', '[]', '{}', '{"keys":1}', '{"keys":[1]}', 'null'])('%s is not a key set', async (body) => {
    issuer.faults.set('/jwks', (response) => response.end(body));
    expect(await outcome(source())).toBe('issuer_unavailable');
  });

  it('an error answer leaves the known keys in place', async () => {
    const keys = source();
    await outcome(keys);
    issuer.faults.set('/jwks', (response) => response.writeHead(500).end('{"keys":[]}'));
    now += 300;
    expect(await outcome(keys)).toBe('found');
    expect(failures[0]).toContain('the answer was 500');
  });
});
