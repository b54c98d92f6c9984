import { GuardHooks } from '../guard/guard-hooks.js';
import { RequestAuthenticator } from '../guard/request-authenticator.js';
import { GuardSettings } from '../options/guard-settings.js';
import { AccessTokenVerifier } from '../token/access-token-verifier.js';
import { assertOverridable, type OverridableModule } from './overridable-module.js';
import { TestAuthenticator } from './test-authenticator.js';
import { TestCaller } from './test-caller.js';
import { TestIssuer } from './test-issuer.js';
import type { TokenClaims } from './token-mint.js';
import { replaceIssuers } from './trust-test-issuer.js';

/**
 * For tests that do without tokens: each call to the API is one by somebody with these claims, or by the caller, who can change
 * within the test. What `@RequireScopes()` and its like ask for is asked all the same. Returns the builder:
 * `await signedInAs(Test.createTestingModule({ imports: [AppModule] }), { sub: 'alice', scopes: ['orders.read'] }).compile()`.
 */
export function signedInAs<Builder extends OverridableModule>(
  builder: Builder,
  who: TokenClaims | TestCaller,
): Builder {
  const issuer = new TestIssuer();
  const caller = who instanceof TestCaller ? who : new TestCaller(who);
  assertOverridable('signedInAs', builder);
  // Nothing is fetched from the issuers that the application trusts.
  replaceIssuers(builder, issuer);
  builder.overrideProvider(RequestAuthenticator).useFactory({
    inject: [GuardSettings, AccessTokenVerifier, GuardHooks],
    factory: (settings: GuardSettings, verifier: AccessTokenVerifier, hooks: GuardHooks) =>
      new TestAuthenticator(issuer, caller, { settings, verifier, hooks }),
  });
  return builder;
}
