import type { Refusals } from '../answers/refusals.js';
import type { GuardSettings } from '../options/guard-settings.js';
import type { PresentedRequest } from '../presentation/presented-request.js';
import type { ProofOfPossession } from '../presentation/proof-of-possession.js';
import { bringsToken, readCredentials, tokenMissing, type Credentials } from '../presentation/read-credentials.js';
import type { Requirement } from '../requirements/requirement.js';
import { AccessTokenError } from '../token/access-token.error.js';
import type { AccessTokenVerifier } from '../token/access-token-verifier.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import type { GuardHooks } from './guard-hooks.js';

/** From a request to what its token grants: what the guard and the Passport strategy share. */
export class RequestAuthenticator {
  constructor(
    private readonly settings: Pick<GuardSettings, 'dpop' | 'clock'>,
    private readonly verifier: AccessTokenVerifier,
    private readonly possession: ProofOfPossession,
    private readonly refusals: Refusals,
    private readonly hooks: GuardHooks,
  ) {}

  /** Whether a token came with the request, good or bad. */
  bringsToken(request: PresentedRequest): boolean {
    return bringsToken(request, this.settings.dpop.mode !== 'off');
  }

  /** The token of the request, verified and held against what is required. Rejects with an AccessRefusedException. */
  async authenticate(request: PresentedRequest, requirements: readonly Requirement[] = []): Promise<VerifiedAccess> {
    return this.authenticateAtOnce(request, requirements);
  }

  /**
   * As `authenticate()`, without a promise where there is nothing to wait for: a token that was verified before. That is most
   * requests, and most of what the guard costs them. Throws what `authenticate()` rejects with.
   */
  authenticateAtOnce(
    request: PresentedRequest,
    requirements: readonly Requirement[],
  ): VerifiedAccess | Promise<VerifiedAccess> {
    let credentials: Credentials | undefined;
    try {
      const sent = (credentials = readCredentials(request, this.settings.dpop.mode !== 'off'));
      const access = this.verifier.verifyBeforeProof(sent.token);
      const admitted =
        access instanceof Promise
          ? access.then((verified) => this.admit(verified, sent, request, requirements))
          : this.admit(access, sent, request, requirements);
      if (!(admitted instanceof Promise)) return admitted;
      return admitted.catch((error: unknown) => {
        throw this.refusal(error, sent.scheme, request);
      });
    } catch (error) {
      throw this.refusal(error, credentials?.scheme, request);
    }
  }

  private admit(
    access: VerifiedAccess,
    credentials: Credentials,
    request: PresentedRequest,
    requirements: readonly Requirement[],
  ): VerifiedAccess | Promise<VerifiedAccess> {
    // With each request, whether the token was verified before or not: this is about the request.
    const proof = this.possession.check(access, credentials, request);
    return proof
      ? proof.then(() => this.accept(access, request, requirements))
      : this.accept(access, request, requirements);
  }

  private accept(
    access: VerifiedAccess,
    request: PresentedRequest,
    requirements: readonly Requirement[],
  ): VerifiedAccess {
    this.require(access, requirements);
    this.hooks.accepted(access, request);
    return access;
  }

  /** Headers for the answer to a request whose token was verified: the next nonce, which no cache may keep (RFC 9449 §8.2). */
  headersFor(request: PresentedRequest): Readonly<Record<string, string>> | undefined {
    const nonce = this.possession.nextNonce(request);
    return nonce === undefined ? undefined : { 'DPoP-Nonce': nonce, 'Cache-Control': 'no-store' };
  }

  /** Throws an AccessRefusedException where a requirement is not met, and where there is no access at all. */
  authorize(access: VerifiedAccess | undefined, requirements: readonly Requirement[]): void {
    try {
      if (!access) throw tokenMissing();
      this.require(access, requirements);
    } catch (error) {
      // A token that is bound to the key of a proof is let in under no other scheme.
      throw this.refusal(error, access?.confirmation?.jkt === undefined ? 'Bearer' : 'DPoP');
    }
  }

  private require(access: VerifiedAccess, requirements: readonly Requirement[]): void {
    if (requirements.length === 0) return;
    const now = Math.floor(this.settings.clock() / 1000);
    for (const requirement of requirements) requirement.check(access, now);
  }

  /** Anything but a refusal is a fault of ours and goes on as it is: a 500. */
  private refusal(error: unknown, scheme?: Credentials['scheme'], request?: PresentedRequest): unknown {
    if (!(error instanceof AccessTokenError)) return error;
    this.hooks.refused(error, request);
    return this.refusals.refuse(error, scheme);
  }
}
