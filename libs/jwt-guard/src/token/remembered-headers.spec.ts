import { FixedKeySource } from '../keys/fixed-key-source.js';
import { ListedIssuers } from '../issuers/listed-issuers.js';
import { TrustedIssuer } from '../issuers/trusted-issuer.js';
import { GuardSettings } from '../options/guard-settings.js';
import { TestIssuer } from '../testing/index.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { VerifiedTokenCache } from './verified-token.cache.js';
import { judge } from './verification.spec.fixture.js';

/** Keys that count how often a header was read. */
class CountingKeys extends FixedKeySource {
  asked = 0;

  override keyFor(...header: Parameters<FixedKeySource['keyFor']>): ReturnType<FixedKeySource['keyFor']> {
    this.asked++;
    return super.keyFor(...header);
  }
}

function trial() {
  const issuer = new TestIssuer({ audience: 'api1' });
  const settings = new GuardSettings(issuer.guardOptions({ audience: 'api1' })).issuers[0]!;
  const keys = new CountingKeys(issuer.jwks());
  const trusted = new ListedIssuers([new TrustedIssuer(settings, keys, undefined)]);
  const verifier = new AccessTokenVerifier(trusted, new VerifiedTokenCache(0), issuer.clock);
  return { issuer, keys, ask: (token: string) => judge(verifier, token) };
}

describe('The header of a token', () => {
  it('is read once, whatever the tokens under it say', async () => {
    const { issuer, keys, ask } = trial();
    for (const sub of ['a', 'b', 'c']) expect(await ask(issuer.token({ sub }))).toBe('accepted');
    expect(await ask(issuer.bad.expired())).toBe('token_expired');
    expect(keys.asked).toBe(1);
  });

  it('is not remembered where the signature was wrong: whoever sends it has shown nothing', async () => {
    const { issuer, keys, ask } = trial();
    for (let time = 0; time < 3; time++) expect(await ask(issuer.bad.tampered())).toBe('signature_invalid');
    expect(keys.asked).toBe(3);
  });

  it('says nothing of the signature: one that is known lets no forged token in', async () => {
    const { issuer, ask } = trial();
    expect(await ask(issuer.token())).toBe('accepted');
    expect(await ask(issuer.bad.tampered())).toBe('signature_invalid');
    expect(await ask(issuer.bad.withWrongSignature())).toBe('signature_invalid');
  });

  it('is forgotten in time, with those of an issuer that writes another one each time', async () => {
    const { issuer, keys, ask } = trial();
    const first = issuer.token();
    expect(await ask(first)).toBe('accepted');
    for (let index = 0; index < 100; index++) await ask(issuer.token({}, { header: { serial: index } }));
    const before = keys.asked;
    expect(await ask(first)).toBe('accepted');
    expect(keys.asked).toBe(before + 1);
  });
});
