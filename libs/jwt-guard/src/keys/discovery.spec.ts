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
