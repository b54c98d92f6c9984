import { Refusals } from '../answers/refusals.js';
import type { GuardHooks } from '../guard/guard-hooks.js';
import { RequestAuthenticator } from '../guard/request-authenticator.js';
import type { GuardSettings } from '../options/guard-settings.js';
import { ProofOfPossession } from '../presentation/proof-of-possession.js';
import type { PresentedRequest } from '../presentation/presented-request.js';
import type { Requirement } from '../requirements/requirement.js';
import type { AccessTokenClaims } from '../token/access-token-claims.js';
import type { AccessTokenVerifier } from '../token/access-token-verifier.js';
import { readAccess } from '../token/read-access.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import type { TestCaller } from './test-caller.js';
import type { TestIssuer } from './test-issuer.js';

/** Takes each request for one of the caller's, whatever it brings. What routes require is asked all the same. */
export class TestAuthenticator extends RequestAuthenticator {
  constructor(
    private readonly issuer: TestIssuer,
    private readonly caller: TestCaller,
    private readonly guard: { settings: GuardSettings; verifier: AccessTokenVerifier; hooks: GuardHooks },
  ) {
    const { settings, verifier, hooks } = guard;
    super(settings, verifier, new ProofOfPossession(settings), new Refusals(settings), hooks);
  }

  override bringsToken(): boolean {
    return this.caller.claims !== undefined;
  }

  override authenticateAtOnce(request: PresentedRequest, requirements: readonly Requirement[]): VerifiedAccess {
    const access = this.access();
    this.authorize(access, requirements);
    this.guard.hooks.accepted(access!, request);
    return access!;
  }

  private access(): VerifiedAccess | undefined {
    const { claims } = this.caller;
    if (!claims) return undefined;
    const access = readAccess('jwt', this.issuer.claims(claims) as AccessTokenClaims, this.guard.settings.issuers[0]!);
    // By the words of the test also where the API reads them in other claims (claimNames).
    return Object.freeze({
      ...access,
      clientId: claims.client_id ?? access.clientId,
      scopes: claims.scopes ?? access.scopes,
      roles: claims.roles ?? access.roles,
    });
  }
}
