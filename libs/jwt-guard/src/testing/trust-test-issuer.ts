import { jwtGuardOptionsToken } from '../jwt-guard.module.js';
import { GuardSettings } from '../options/guard-settings.js';
import { assertOverridable, type OverridableModule } from './overridable-module.js';
import type { TestIssuer } from './test-issuer.js';
import type { OwnOptions } from './trusting-options.js';

/**
 * Makes the guard of a testing module trust this issuer in the place of those that it is configured for; all its other options stay as
 * the application gives them, unless they are given here. For `forRoot` and `forRootAsync`. Returns the builder:
 * `await trustTestIssuer(Test.createTestingModule({ imports: [AppModule] }), issuer).compile()`.
 */
export function trustTestIssuer<Builder extends OverridableModule>(
  builder: Builder,
  issuer: TestIssuer,
  changes: OwnOptions = {},
): Builder {
  assertOverridable('trustTestIssuer', builder);
  replaceIssuers(builder, issuer, changes);
  return builder;
}

export function replaceIssuers(builder: OverridableModule, issuer: TestIssuer, changes: OwnOptions = {}): void {
  builder.overrideProvider(GuardSettings).useFactory({
    inject: [jwtGuardOptionsToken],
    factory: (own: OwnOptions) => new GuardSettings(issuer.guardOptions({ ...own, ...changes })),
  });
}
