import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formOf, type PlainBrowser } from '../plain-browser.js';
import { expectRefusal, type Party } from './expectations.js';
import type { Completed } from './relying-party.js';

/** The modules that ask for a sign-in, for none, for a recent one or for a certain person. */
export function signInRules(party: Party): void {
  let browser: PlainBrowser;
  let first: Completed;
  beforeAll(async () => {
    browser = await party().signedIn();
    first = await party().complete(browser, { max_age: '15000' });
  });
  beforeEach(() => party().provider.clock.advance(2));
  const signInOf = ({ idTokens }: Completed) => {
    const { sub, auth_time: time } = idTokens[0]!.payload;
    return { sub, time: time as number };
  };

  describe('prompt and max_age', () => {
    test('prompt=none without a sign-in is answered login_required, with a long state unharmed (Core §3.1.2.6; oidcc-prompt-none-not-logged-in)', async () => {
      const request = party().request({ prompt: 'none', state: 'aZ09-._~'.repeat(16) });
      expectRefusal(party(), request, await party().authorize(party().browser(), request), 'login_required');
    });

    test('prompt=none with a sign-in shows no page, and tells the same sign-in (Core §3.1.2.1; oidcc-prompt-none-logged-in)', async () => {
      const second = await party().complete(browser, { prompt: 'none' });
      expect(second.response.wasAsked).toBe(false);
      expect(signInOf(second)).toEqual(signInOf(first));
    });

    test('max_age=10000 shows no page, and auth_time is there and the same (Core §2, §3.1.2.1; oidcc-max-age-10000)', async () => {
      const second = await party().complete(browser, { max_age: '10000' });
      expect(second.response.wasAsked).toBe(false);
      expect(signInOf(second)).toEqual(signInOf(first));
      expect(signInOf(first).time).toEqual(expect.any(Number));
    });

    test.each([
      ['prompt=login', 'oidcc-prompt-login', { prompt: 'login' }],
      ['max_age=1, two seconds after the sign-in,', 'oidcc-max-age-1', { max_age: '1' }],
    ])('%s makes the person sign in again, and auth_time says so (Core §2, §3.1.2.1; %s)', async (_name, _module, changes) => {
      const again = party().browser();
      const before = await party().complete(again);
      party().provider.clock.advance(2);
      const after = await party().complete(again, changes);
      expect(after.response.wasAsked).toBe(true);
      expect(signInOf(after)).toEqual({ sub: '1', time: signInOf(before).time + 2 });
    }); // prettier-ignore
  });

  describe('hints', () => {
    test('an id_token_hint with prompt=none shows no page, and tells the same sign-in (Core §3.1.2.1; oidcc-id-token-hint)', async () => {
      const done = await party().complete(browser);
      const hint = done.response.parameters.id_token ?? (done.tokens!.body.id_token as string);
      const second = await party().complete(browser, { prompt: 'none', id_token_hint: hint });
      expect(second.response.wasAsked).toBe(false);
      expect(signInOf(second)).toEqual(signInOf(done));
    });

    test('a login_hint stands on the sign-in page, and whoever signs in may be another (Core §3.1.2.1; oidcc-login-hint)', async () => {
      const fresh = party().browser();
      const request = party().request({ login_hint: 'buffy@id.example.com' });
      const page = await party().open(fresh, request);
      expect(formOf(page).body.get('username')).toBe('buffy@id.example.com');
      const done = await party().redeemed(request, await party().goOn(fresh, page));
      expect(signInOf(done).sub).toBe('1');
    });
  });
}
