import { afterAll, beforeAll, describe } from '@jest/globals';
import { discoveryRules } from './fapi-discovery.rules.js';
import { flowRules } from './fapi-flow.rules.js';
import { parRules } from './fapi-par.rules.js';
import { fapiPlan } from './fapi-plan.js';
import { FapiProvider, fapiVariants } from './fapi-provider.js';
import {
  requestObjectRules,
  signedAnswerRules,
  signedIntrospectionRules,
  weakSignatureRules,
} from './fapi-signing.rules.js';
import { tokenRules } from './fapi-token.rules.js';

// With fapi_request_method signed_non_repudiation and fapi_response_mode jarm. What clients sign to authenticate, and proofs of DPoP, are the same as in
// fapi2-security-profile.spec.ts.
describe('FAPI 2.0 Message Signing (fapi2-message-signing-final-test-plan)', () => {
  let provider: FapiProvider;
  beforeAll(async () => void (provider = await FapiProvider.start('fapi2-message-signing')));
  afterAll(() => provider.close());

  discoveryRules(() => provider, { signs: true });

  describe.each(fapiVariants.filter(({ auth, binding }) => (auth === 'mtls') === (binding === 'mtls')))(
    '$auth, and tokens bound by $binding',
    (variant) => {
      const plan = fapiPlan(variant, () => provider, true);
      flowRules(plan);
      parRules(plan);
      tokenRules(plan);
      requestObjectRules(plan);
      signedAnswerRules(plan);
      signedIntrospectionRules(plan);
      if (variant === fapiVariants[0]) weakSignatureRules(plan);
    },
  );
});
