import { DpopError, DpopNonces, DpopProofVerifier, headerCount } from '@tessera/jws';
import { clientCertificateThumbprint } from '../certificates/client-certificate.js';
import type { GuardSettings } from '../options/guard-settings.js';
import { AccessTokenError } from '../token/access-token.error.js';
import type { VerifiedAccess } from '../token/verified-access.js';
import type { PresentedRequest } from './presented-request.js';
import type { Credentials } from './read-credentials.js';
import { requestUrl } from './request-url.js';

/** Seconds that a proof's clock may be ahead of ours. */
const proofClockTolerance = 5;

/**
 * Whoever holds a bound token must prove the key, with each request (RFC 7800 §3.1): by a DPoP proof (RFC 9449 §7) or by the
 * certificate of the connection (RFC 8705 §3). A bound token that comes without is refused, or the binding would be worth nothing.
 */
export class ProofOfPossession {
  private readonly nonces: DpopNonces | undefined;
  private readonly proofs: DpopProofVerifier;
  private readonly checked = new WeakMap<PresentedRequest, CheckedProof>();

  constructor(private readonly settings: Pick<GuardSettings, 'dpop' | 'mtls' | 'publicUrl' | 'clock'>) {
    const { dpop } = settings;
    this.nonces = dpop.requireNonce ? new DpopNonces(dpop.nonceSecret) : undefined;
    this.proofs = new DpopProofVerifier({
      algorithms: dpop.algorithms,
      proofLifetime: dpop.proofLifetime,
      clockTolerance: proofClockTolerance,
      nonces: this.nonces,
      replayStore: dpop.replayStore,
    });
  }

  /** Fails with an AccessTokenError. There is something to wait for only where a DPoP proof is checked. */
  check(
    { confirmation }: VerifiedAccess,
    credentials: Credentials,
    request: PresentedRequest,
  ): Promise<void> | undefined {
    const { dpop, mtls } = this.settings;
    const thumbprint = confirmation?.jkt;
    const certificate = confirmation?.['x5t#S256'];
    refuseUnchecked(thumbprint !== undefined && dpop.mode === 'off', 'a DPoP proof');
    refuseUnchecked(certificate !== undefined && mtls.mode === 'off', 'a client certificate');
    refuseUnbound(thumbprint === undefined && dpop.mode === 'required', 'the key of a DPoP proof');
    refuseUnbound(certificate === undefined && mtls.mode === 'required', 'a client certificate');
    refuseUnbound(thumbprint === undefined && credentials.scheme === 'DPoP', 'the key of a DPoP proof');
    if (certificate !== undefined) this.checkCertificate(certificate, request);
    return thumbprint === undefined ? undefined : this.checkProofOnce(thumbprint, credentials, request);
  }

  /** What the sender of a request should use from now on, where the nonce of the proof that was checked ends soon (RFC 9449 §8.2). */
  nextNonce(request: PresentedRequest): string | undefined {
    return this.nonces && this.checked.get(request)?.nextNonce;
  }

  private checkCertificate(thumbprint: string, request: PresentedRequest): void {
    if (clientCertificateThumbprint(request, this.settings.mtls.certificate) === thumbprint) return;
    throw new AccessTokenError(
      'certificate_mismatch',
      'The token is bound to another client certificate than the one of this connection.',
    );
  }

  /**
   * A proof is used up by its first check (RFC 9449 §11.1), and one request may reach several guarded handlers: the fields of a
   * query, the messages of a connection, a guard that is global and stands at the route as well.
   */
  private checkProofOnce(thumbprint: string, credentials: Credentials, request: PresentedRequest): Promise<void> {
    const known = this.checked.get(request);
    if (known?.token === credentials.token) return known.outcome;
    const outcome = this.checkProof(thumbprint, credentials, request).then((nextNonce) => {
      checked.nextNonce = nextNonce;
    });
    const checked: CheckedProof = { token: credentials.token, outcome };
    this.checked.set(request, checked);
    // What failed for another reason than the proof may be tried again: a connection has one proof for all of its messages.
    outcome.catch((error: unknown) => isOfProof(error) || this.checked.delete(request));
    return outcome;
  }

  private async checkProof(
    thumbprint: string,
    { scheme, token }: Credentials,
    request: PresentedRequest,
  ): Promise<string | undefined> {
    // RFC 9449 §7.1: a bound token is not accepted as a bearer token, also where a proof came along.
    if (scheme !== 'DPoP') {
      throw new AccessTokenError(
        'token_bound',
        'The token is bound to a key; send it as Authorization: DPoP, with a proof.',
      );
    }
    const url = requestUrl(request, this.settings.publicUrl);
    if (url === undefined) throw proofFault('The URL of this request cannot be told, so no proof can be checked.');
    try {
      const { nextNonce } = await this.proofs.verify(proofOf(request), {
        method: request.method ?? '',
        url,
        accessToken: token,
        thumbprint,
        now: Math.floor(this.settings.clock() / 1000),
      });
      return nextNonce;
    } catch (error) {
      throw error instanceof DpopError ? refusalOf(error) : error;
    }
  }
}

/** The proof of a request with the token it was sent with, and how its check ended or will end. */
interface CheckedProof {
  readonly token: string;
  readonly outcome: Promise<void>;
  nextNonce?: string | undefined;
}

/** RFC 9449 §4.3 item 1: there is exactly one DPoP header. */
function proofOf(request: PresentedRequest): string {
  const proof = request.headers.dpop;
  if (typeof proof !== 'string' || proof === '') throw proofFault('The request has no DPoP header with a proof.');
  if (headerCount(request, 'dpop') > 1) throw proofFault('The request has more than one DPoP header.');
  return proof;
}

function refusalOf(error: DpopError): AccessTokenError {
  if (error.code === 'nonce_required') {
    return new AccessTokenError('nonce_required', error.message, { cause: error, nonce: error.nonce });
  }
  const isKept = error.code === 'proof_replayed' || error.code === 'replay_store_unavailable';
  return new AccessTokenError(isKept ? error.code : 'proof_invalid', error.message, { cause: error });
}

function isOfProof(error: unknown): boolean {
  return error instanceof AccessTokenError && error.code !== 'replay_store_unavailable';
}

function proofFault(description: string): AccessTokenError {
  return new AccessTokenError('proof_invalid', description);
}

function refuseUnchecked(isBound: boolean, by: string): void {
  if (isBound)
    throw new AccessTokenError('token_bound', `The token is bound to a key, and this API does not check ${by}.`);
}

function refuseUnbound(isUnbound: boolean, to: string): void {
  if (isUnbound) throw new AccessTokenError('token_unbound', `The token is not bound to ${to}.`);
}
