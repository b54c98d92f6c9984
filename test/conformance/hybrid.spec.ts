import { afterAll, beforeAll, describe } from '@jest/globals';
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

describe('Hybrid OP (oidcc-hybrid-certification-test-plan)', () => {
  let provider: Provider;
  beforeAll(async () => void (provider = await Provider.start()));
  afterAll(() => provider.close());

  describe.each(['code id_token', 'code token', 'code id_token token'])('response_type=%s', (responseType) => {
    const party: Party = (...client) => new RelyingParty(provider, { responseType }, ...client);

    responseRules(party, responseType);
    idTokenRules(party, responseType);
    userinfoRules(party, responseType);
    signInRules(party);
    requestRules(party, responseType);
    redirectRules(party);
    codeRules(party);
  });
});
