import { LoopbackIssuer } from '../loopback-issuer.spec.fixture.js';
import { judge, verifierFor } from './verification.spec.fixture.js';

let issuer: LoopbackIssuer;
beforeAll(async () => (issuer = await LoopbackIssuer.start()));
afterAll(() => issuer.close());

describe('A token that was verified before', () => {
  it('gives the same frozen access, and with the cache off an access of its own', async () => {
    const token = await issuer.token();
    const remembering = verifierFor(issuer);
    expect(await remembering.verify(token)).toBe(await remembering.verify(token));
    const forgetful = verifierFor(issuer, { tokenCache: false });
    expect(await forgetful.verify(token)).not.toBe(await forgetful.verify(token));
  });

  it('ends at its exp all the same', async () => {
    let now = 1_500_000;
    const verifier = verifierFor(issuer, { clock: () => now, clockTolerance: 10 });
    const token = await issuer.token({ iat: 1_000, exp: 2_000 });
    expect(await judge(verifier, token)).toBe('accepted');
    now = 2_009_999;
    expect(await judge(verifier, token)).toBe('accepted');
    now = 2_010_000;
    expect(await judge(verifier, token)).toBe('token_expired');
  });

  it('is refused when its key is gone', async () => {
    let now = Date.now();
    await issuer.addKey('leaving');
    const verifier = verifierFor(issuer, { clock: () => now });
    const token = await issuer.token({}, { kid: 'leaving' });
    expect(await judge(verifier, token)).toBe('accepted');
    issuer.removeKey('leaving');
    now += 300_000;
    expect(await judge(verifier, token)).toBe('key_unknown');
  });

  it('was verified by a key that is now another one under the same name: it is refused', async () => {
    let now = Date.now();
    await issuer.addKey('same name');
    const verifier = verifierFor(issuer, { clock: () => now });
    const token = await issuer.token({}, { kid: 'same name' });
    expect(await judge(verifier, token)).toBe('accepted');
    await issuer.addKey('same name');
    now += 300_000;
    expect(await judge(verifier, token)).toBe('signature_invalid');
    issuer.removeKey('same name');
  });

  it('a token that was refused is not remembered as good when its time comes, nor as bad', async () => {
    let now = 1_000_000;
    const verifier = verifierFor(issuer, { clock: () => now });
    const token = await issuer.token({ iat: 1_000, nbf: 1_500, exp: 2_000 });
    expect(await judge(verifier, token)).toBe('token_not_yet_valid');
    now = 1_600_000;
    expect(await judge(verifier, token)).toBe('accepted');
  });
});
