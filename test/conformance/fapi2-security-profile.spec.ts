import { afterAll, beforeAll, describe } from '@jest/globals';
import { assertionRules, certificateRules } from './fapi-authentication.rules.js';
import { discoveryRules } from './fapi-discovery.rules.js';
import { dpopRules } from './fapi-dpop.rules.js';
import { flowRules } from './fapi-flow.rules.js';
import { parRules } from './fapi-par.rules.js';
import { fapiPlan } from './fapi-plan.js';
import { FapiProvider, fapiVariants } from './fapi-provider.js';
import { tokenRules } from './fapi-token.rules.js';

describe('FAPI 2.0 Security Profile (fapi2-security-profile-final-test-plan)', () => {
  let provider: FapiProvider;
  beforeAll(async () => void (provider = await FapiProvider.start('fapi2-security')));
  afterAll(() => provider.close());

  discoveryRules(() => provider);

  describe.each(fapiVariants)('$auth, and tokens bound by $binding', (variant) => {
    const plan = fapiPlan(variant, () => provider);
    flowRules(plan);
    parRules(plan);
    tokenRules(plan);
    if (variant.auth === 'mtls') certificateRules(plan);
    // How clients sign assertions and proofs has nothing to do with the rest: one variant shows it.
    if (variant === fapiVariants[0]) {
      assertionRules(plan);
      dpopRules(plan);
    }
  });
});
