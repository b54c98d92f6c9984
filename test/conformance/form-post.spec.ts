import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { codeRules } from './code.rules.js';
import type { Party } from './expectations.js';
import { idTokenRules } from './id-token.rules.js';
import { Provider } from './provider.js';
import { redirectRules } from './redirect.rules.js';
import { RelyingParty } from './relying-party.js';
import { requestRules } from './request.rules.js';
import { responseRules } from './response.rules.js';
import { signInRules } from './sign-in.rules.js';
import { userinfoRules } from './userinfo.rules.js';

let provider: Provider;
beforeAll(async () => void (provider = await Provider.start()));
afterAll(() => provider.close());

// The three plans are those without form_post, each module with response_mode=form_post.
describe.each([
  ['basic', ['code']],
  ['implicit', ['id_token', 'id_token token']],
  ['hybrid', ['code id_token', 'code token', 'code id_token token']],
])('Form Post OP, %s (oidcc-formpost-%s-certification-test-plan)', (_plan, responseTypes) => {
  describe.each(responseTypes)('response_type=%s', (responseType) => {
    const variant = { responseType, responseMode: 'form_post' } as const;
    const party: Party = (...client) => new RelyingParty(provider, variant, ...client);

    test('the answer is a page that sends itself to the client with POST, and nobody keeps it (Form Post Response Mode §2)', async () => {
      const page = await party().open(await party().signedIn(), party().request());
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      expect(page.html).toMatch(/<form method="post" action="https:\/\/suite\.example\/test\/a\/tessera\/callback">/);
      // No enctype: a browser then sends application/x-www-form-urlencoded.
      expect(page.html).not.toContain('enctype');
      expect(page.html).toContain('submit()');
    });

    responseRules(party, responseType);
    idTokenRules(party, responseType);
    userinfoRules(party, responseType);
    signInRules(party);
    requestRules(party, responseType);
    redirectRules(party);
    if (responseType.includes('code')) codeRules(party);
  });
});
