import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { IssuerMetadata } from './issuer-metadata.js';
import { KeySourceTrial, outcome } from './key-source-trial.spec.fixture.js';

const trial = new KeySourceTrial();

describe('Metadata and key sets are not believed blindly', () => {
  it.each([
    ['a trailing slash', (url: string) => `${url}/`],
    ['another host', () => 'https://evil.example.com'],
    ['nothing', () => undefined],
  ])('metadata that name %s as the issuer are refused', async (_, named) => {
    trial.issuer.metadata = { issuer: named(trial.issuer.url) };
    expect(await outcome(trial.source())).toBe('issuer_unavailable');
    expect(trial.issuer.jwksFetches).toBe(0);
    expect(trial.failures[0]).toContain('letter for letter');
  });

  it.each(['http://id.example.com/jwks', 'file:///etc/passwd', undefined])(
    '%s is refused as a jwks_uri',
    async (uri) => {
      trial.issuer.metadata = { jwks_uri: uri };
      expect(await outcome(trial.source())).toBe('issuer_unavailable');
      expect(trial.failures[0]).toContain('the jwks_uri');
    },
  );

  it('a redirect is not followed', async () => {
    trial.issuer.faults.set('/jwks', (response) =>
      response.writeHead(302, { location: `${trial.issuer.url}/elsewhere` }).end(),
    );
    expect(await outcome(trial.source())).toBe('issuer_unavailable');
    expect(trial.issuer.requests).not.toContain('/elsewhere');
  });

  it('an answer over the size limit is not read to its end', async () => {
    trial.issuer.faults.set('/jwks', (response) => response.end(`{"keys":[]${' '.repeat(600 * 1024)}}`));
    expect(await outcome(trial.source())).toBe('issuer_unavailable');
    expect(trial.failures[0]).toContain('longer than');
  });

  it('an answer that does not come in time is given up', async () => {
    trial.issuer.faults.set('/jwks', (response) => response.write('{'));
    expect(await outcome(trial.source({ fetchTimeout: 1 }))).toBe('issuer_unavailable');
    expect(trial.failures[0]).toContain('timeout');
  });

  it.each(['not json', '[]', '{}', '{"keys":1}', '{"keys":[1]}', 'null'])('%s is not a key set', async (body) => {
    trial.issuer.faults.set('/jwks', (response) => response.end(body));
    expect(await outcome(trial.source())).toBe('issuer_unavailable');
  });

  it('an error answer leaves the known keys in place', async () => {
    const keys = trial.source();
    await outcome(keys);
    trial.issuer.faults.set('/jwks', (response) => response.writeHead(500).end('{"keys":[]}'));
    trial.now += 300;
    expect(await outcome(keys)).toBe('found');
    expect(trial.failures[0]).toContain('the answer was 500');
  });
});

/** Metadata of a test's own, for paths that the issuer does not have. */
function publish(path: string, members: Record<string, unknown>): void {
  trial.issuer.faults.set(path, (response) => response.end(JSON.stringify(members)));
}

describe('Where the metadata are', () => {
  it('OpenID Connect Discovery §4.1: the path is appended to an issuer with a path', async () => {
    for (const issuer of [`${trial.issuer.url}/tenant`, `${trial.issuer.url}/slashed/`]) {
      publish(`${new URL(issuer).pathname.replace(/\/$/, '')}/.well-known/openid-configuration`, {
        issuer,
        jwks_uri: `${trial.issuer.url}/jwks`,
      });
      expect(await outcome(trial.source({ issuer }))).toBe('found');
    }
  });

  it.each([
    ['', '/.well-known/oauth-authorization-server'],
    ['/', '/.well-known/oauth-authorization-server'],
    ['/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['/a/b/', '/.well-known/oauth-authorization-server/a/b'],
  ])('RFC 8414 §3.1: for an issuer with the path "%s" that is no OpenID provider, at %s', async (path, wellKnown) => {
    const issuer = trial.issuer.url + path;
    trial.issuer.faults.set('/.well-known/openid-configuration', (response) => response.writeHead(404).end());
    publish(wellKnown, { issuer, jwks_uri: `${trial.issuer.url}/jwks` });
    expect(await outcome(trial.source({ issuer }))).toBe('found');
  });

  it('RFC 8414 §3.3: there as well they must name the issuer that was asked', async () => {
    trial.issuer.faults.set('/.well-known/openid-configuration', (response) => response.writeHead(404).end());
    publish('/.well-known/oauth-authorization-server', { issuer: 'https://evil.example.com' });
    expect(await outcome(trial.source())).toBe('issuer_unavailable');
    expect(trial.failures[0]).toContain('letter for letter');
  });

  it('an error other than 404 is the end: the second address is not asked', async () => {
    trial.issuer.faults.set('/.well-known/openid-configuration', (response) => response.writeHead(500).end());
    expect(await outcome(trial.source())).toBe('issuer_unavailable');
    expect(trial.issuer.requests).toEqual(['/.well-known/openid-configuration']);
  });

  it('when neither address has them, the failure names both', async () => {
    expect(await outcome(trial.source({ issuer: `${trial.issuer.url}/nobody` }))).toBe('issuer_unavailable');
    expect(trial.failures[0]).toContain('/nobody/.well-known/openid-configuration failed');
    expect(trial.failures[0]).toContain('/.well-known/oauth-authorization-server/nobody failed');
  });
});

describe('An internal address', () => {
  const issuer = 'https://id.example.com/tenant';
  const wellKnown = '/tenant/.well-known/openid-configuration';

  it("takes the place of the issuer's origin in what is fetched; the metadata name the public issuer", async () => {
    publish(wellKnown, { issuer, jwks_uri: 'https://id.example.com/jwks' });
    expect(await outcome(trial.source({ issuer, internalAddress: trial.issuer.url }))).toBe('found');
    expect(trial.issuer.requests).toEqual([wellKnown, '/jwks']);
  });

  it('may end in a slash, and may have a path', async () => {
    publish(`/inside${wellKnown}`, { issuer, jwks_uri: 'https://id.example.com/keys?v=1' });
    publish('/inside/keys?v=1', { keys: [...trial.issuer.published.values()] });
    expect(await outcome(trial.source({ issuer, internalAddress: `${trial.issuer.url}/inside/` }))).toBe('found');
  });

  it('holds for a configured jwksUri too', async () => {
    const jwksUri = 'https://id.example.com/jwks';
    expect(await outcome(trial.source({ issuer, jwksUri, internalAddress: trial.issuer.url }))).toBe('found');
    expect(trial.issuer.requests).toEqual(['/jwks']);
  });

  it('may be what the issuer publishes to those who ask there', async () => {
    const internalAddress = trial.issuer.url.replace('127.0.0.1', 'localhost');
    publish(wellKnown, { issuer, jwks_uri: `${internalAddress}/jwks` });
    expect(await outcome(trial.source({ issuer, internalAddress }))).toBe('found');
  });

  it('does not become the issuer: metadata that name it are refused', async () => {
    publish(wellKnown, { issuer: trial.issuer.url, jwks_uri: 'https://id.example.com/jwks' });
    expect(await outcome(trial.source({ issuer, internalAddress: trial.issuer.url }))).toBe('issuer_unavailable');
    expect(trial.failures[0]).toContain('letter for letter');
  });

  it('a jwks_uri of another origin is fetched as it stands', async () => {
    const keyHost = await LoopbackIssuer.start();
    const issuer = 'http://id.localhost';
    publish('/.well-known/openid-configuration', { issuer, jwks_uri: `${keyHost.url}/jwks` });
    expect(await outcome(trial.source({ issuer, internalAddress: trial.issuer.url }))).toBe('found');
    expect(keyHost.requests).toEqual(['/jwks']);
    await keyHost.close();
  });

  it.each(['http://id.example.com/jwks', 'http://keys.internal/jwks', 'http://127.0.0.1:1/jwks'])(
    'does not make %s a good jwks_uri',
    async (uri) => {
      publish(wellKnown, { issuer, jwks_uri: uri });
      expect(await outcome(trial.source({ issuer, internalAddress: trial.issuer.url }))).toBe('issuer_unavailable');
      expect(trial.failures[0]).toContain('it must be https');
    },
  );
});

describe('Metadata for keys and introspection', () => {
  const metadata = (changes = {}): IssuerMetadata => new IssuerMetadata(trial.policy(changes));

  it('are fetched once for everybody, and again when they have grown old', async () => {
    trial.issuer.metadata = { introspection_endpoint: `${trial.issuer.url}/introspect` };
    const both = metadata();
    const ask = () => Promise.all([both.jwksUri(), both.introspectionEndpoint(), both.jwksUri()]);
    expect(await ask()).toEqual(['jwks', 'introspect', 'jwks'].map((path) => `${trial.issuer.url}/${path}`));
    trial.now += 224;
    await ask();
    expect(trial.issuer.metadataFetches).toBe(1);
    trial.now += 1;
    await ask();
    expect(trial.issuer.metadataFetches).toBe(2);
    both.expire();
    await ask();
    expect(trial.issuer.metadataFetches).toBe(3);
  });

  it('an issuer that is away is asked once in a second', async () => {
    await trial.issuer.close();
    const both = metadata();
    await expect(both.introspectionEndpoint()).rejects.toThrow('ECONNREFUSED');
    await trial.issuer.open();
    await expect(both.jwksUri()).rejects.toThrow('ECONNREFUSED');
    trial.now += 1;
    for (let n = 0; n < 2; n++) expect(await both.jwksUri()).toBe(`${trial.issuer.url}/jwks`);
    expect(trial.issuer.metadataFetches).toBe(1);
  });

  it.each(['http://id.example.com/introspect', 'introspect', undefined])(
    '%s is refused as an introspection_endpoint',
    async (uri) => {
      trial.issuer.metadata = { introspection_endpoint: uri };
      await expect(metadata().introspectionEndpoint()).rejects.toThrow('the introspection_endpoint in');
    },
  );

  it('a configured introspection endpoint takes the place of the published one, at the internal address', async () => {
    const issuer = 'https://id.example.com';
    const inside = metadata({ issuer, internalAddress: 'http://sts:3000' });
    expect(await inside.introspectionEndpoint(`${issuer}/connect/introspect`)).toBe(
      'http://sts:3000/connect/introspect',
    );
    expect(await inside.introspectionEndpoint('https://other.example.com/i')).toBe('https://other.example.com/i');
    expect(trial.issuer.requests).toEqual([]);
  });
});
