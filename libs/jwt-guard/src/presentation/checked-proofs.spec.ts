import { GuardSettings } from '../options/guard-settings.js';
import { TestIssuer } from '../testing/index.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import type { PresentedRequest } from './presented-request.js';
import { ProofOfPossession } from './proof-of-possession.js';

const url = 'http://127.0.0.1/things';
const issuer = new TestIssuer();
const holder = issuer.dpopHolder();
const access = { confirmation: { jkt: holder.thumbprint } } as VerifiedAccess;

/** A store that counts its calls and is away for the first `away` of them. */
class UnsteadyStore {
  calls = 0;
  constructor(private readonly away: number) {}

  remember(): boolean {
    if (++this.calls <= this.away) throw new Error('The store is away.');
    return true;
  }
}

function trial(away = 0) {
  const store = new UnsteadyStore(away);
  const settings = new GuardSettings(
    issuer.guardOptions({ audience: 'api1', dpop: { mode: 'allowed', replayStore: store } }),
  );
  return { store, possession: new ProofOfPossession(settings) };
}

function requestWith(token: string, headers: Record<string, string>) {
  const request: PresentedRequest = { headers, method: 'GET', url: '/things', protocol: 'http', host: '127.0.0.1' };
  return [access, { scheme: 'DPoP', token }, request] as const;
}

function goodRequest() {
  const token = holder.token();
  return requestWith(token, holder.headers('GET', url, token));
}

describe('the proof of one request that reaches several guarded handlers', () => {
  it('is checked once, also when they ask at the same time', async () => {
    const { store, possession } = trial();
    const request = goodRequest();
    await Promise.all([possession.check(...request), possession.check(...request)]);
    await possession.check(...request);
    expect(store.calls).toBe(1);
  });

  it('stays refused once it was', async () => {
    const { possession } = trial();
    const [, credentials, request] = goodRequest();
    const elsewhere = { ...request, url: '/others' };
    await expect(possession.check(access, credentials, elsewhere)).rejects.toMatchObject({ code: 'proof_invalid' });
    elsewhere.url = '/things';
    await expect(possession.check(access, credentials, elsewhere)).rejects.toMatchObject({ code: 'proof_invalid' });
  });

  it('is good for no other token', async () => {
    const { possession } = trial();
    const [, credentials, request] = goodRequest();
    await possession.check(access, credentials, request);
    const other = { ...credentials, token: holder.token() };
    await expect(possession.check(access, other, request)).rejects.toMatchObject({ code: 'proof_invalid' });
  });

  it('may be tried again where the store of used proofs was away', async () => {
    const { possession } = trial(1);
    const request = goodRequest();
    await expect(possession.check(...request)).rejects.toMatchObject({ code: 'replay_store_unavailable' });
    await expect(possession.check(...request)).resolves.toBeUndefined();
  });
});
