import { JwtGuardModule } from '../jwt-guard.module.js';
import { keycloak } from '../presets/keycloak.js';
import type { JwtGuardOptions } from './jwt-guard.options.js';

const issuer = 'https://id.example.com';
const preset = keycloak({ url: issuer, realm: 'shop', audience: 'api1' });

// The compiler holds these: an error that is expected and does not come is one as well.
describe('The compiler', () => {
  it('refuses options that cannot make a guard', () => {
    const refused = [
      // @ts-expect-error no issuer
      () => JwtGuardModule.forRoot({}),
      // @ts-expect-error no audience
      () => JwtGuardModule.forRoot({ issuer }),
      // @ts-expect-error no issuer
      () => JwtGuardModule.forRoot({ audience: 'api1' }),
      // @ts-expect-error an audience that may be missing
      () => JwtGuardModule.forRoot({ issuer, audience: process.env.AUDIENCE }),
      // @ts-expect-error an issuer without a name
      () => JwtGuardModule.forRoot({ issuers: [{ audience: 'api1' }] }),
      // @ts-expect-error no audience from a factory
      () => JwtGuardModule.forRootAsync({ useFactory: () => ({ issuer }) }),
    ];
    expect(refused).toHaveLength(6);
  });

  it('takes one issuer, several, a resolver, and presets alone or with more beside them', () => {
    const taken: JwtGuardOptions[] = [
      { issuer, audience: 'api1' },
      { issuers: [{ issuer }, preset], audience: 'api1' },
      { resolveIssuer: (name) => ({ issuer: name, audience: 'api1' }) },
      preset,
      { ...preset, internalAddress: 'http://keycloak:8080', dpop: 'allowed' },
    ];
    for (const options of taken) expect(JwtGuardModule.forRoot({ ...options, global: false })).toBeDefined();
    expect(JwtGuardModule.forRoot(preset)).toBeDefined();
    expect(JwtGuardModule.forRootAsync({ useFactory: () => preset })).toBeDefined();
  });
});
