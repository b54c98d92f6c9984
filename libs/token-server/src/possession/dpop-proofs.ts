import { Inject, Injectable } from '@nestjs/common';
import {
  DpopError,
  type DpopExpectations,
  DpopNonces,
  DpopProofVerifier,
  type ExaminedProof,
  headerCount,
} from '@tessera/jws';
import { OAuthError } from '@tessera/protocol';
import { type Client, Clock, type Confirmation, UsedIdStore } from '@tessera/resource-model';
import { endpointUrls } from '../http/endpoint-url.js';
import type { HttpReply, HttpRequest } from '../http/message.js';
import type { PresentedToken } from '../http/presented-token.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import type { PossessionCall, PossessionProof, Proven } from './possession-proof.js';
import { UsedProofs } from './used-proofs.js';

/** The keys that clients prove to hold with DPoP proofs (RFC 9449). */
@Injectable()
export class DpopProofs implements PossessionProof {
  private readonly verifier: DpopProofVerifier;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    usedIds: UsedIdStore,
    private readonly clock: Clock,
  ) {
    const { algorithms, proofLifetime, clockTolerance, requireNonce, nonceSecret } = options.dpop;
    this.verifier = new DpopProofVerifier({
      algorithms,
      proofLifetime,
      clockTolerance,
      nonces: requireNonce && nonceSecret !== undefined ? new DpopNonces(nonceSecret) : undefined,
      replayStore: new UsedProofs(usedIds),
    });
  }

  /** RFC 9449 §5. @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce` */
  proven(call: PossessionCall, { requireDpop }: Client): Promise<Proven> | undefined {
    if (isSent(call.request)) return this.examined(call);
    if (requireDpop) throw invalid('The client gets no tokens without a DPoP proof (RFC 9449 §5.2): send one.');
    return undefined;
  }

  /**
   * RFC 9449 §10.1: what the proof says that a pushed request came with; its code will be bound to the key.
   * @throws OAuthError `invalid_dpop_proof`, `use_dpop_nonce`
   */
  async pushed(call: PossessionCall): Promise<Proven | undefined> {
    return isSent(call.request) ? this.examined(call) : undefined;
  }

  /** RFC 9449 §7: with its scheme and a proof of its key, or not at all. @throws OAuthError */
  check(
    call: PossessionCall,
    { scheme, token }: PresentedToken,
    asked: Confirmation | undefined,
  ): Promise<void> | undefined {
    const thumbprint = asked?.jkt;
    if (scheme !== 'DPoP') {
      if (thumbprint === undefined) return undefined;
      throw new OAuthError('invalid_token', 'The access token is bound to a key: send it as Authorization: DPoP.');
    }
    if (thumbprint === undefined) {
      throw new OAuthError('invalid_token', 'The access token is bound to no key: send it as Authorization: Bearer.');
    }
    if (!isSent(call.request)) throw invalid('The request has no DPoP header with a proof.');
    return this.examine(call, { accessToken: token, thumbprint }).then(({ useUp }) => useUp());
  }

  private async examined(call: PossessionCall): Promise<Proven> {
    const { proof, useUp } = await this.examine(call, {});
    let used: Promise<void> | undefined;
    return { confirmation: { jkt: proof.thumbprint }, useUp: () => (used ??= useUp()) };
  }

  /** What the sender should know of nonces goes into the answer, whatever that will be (RFC 9449 §8.2). */
  private async examine(
    { request, reply, endpoint }: PossessionCall,
    token: Pick<DpopExpectations, 'accessToken' | 'thumbprint'>,
  ): Promise<ExaminedProof> {
    // RFC 9449 §4.3, point 1.
    if (headerCount(request, 'dpop') > 1) throw invalid('The DPoP header was sent more than once.');
    const [url, ...aliases] = endpointUrls(this.options, endpoint);
    const expected = { method: request.method, url, aliases, now: this.clock.now(), ...token };
    const refuse = (error: unknown) => {
      throw refusal(error, reply);
    };
    const { proof, useUp } = await this.verifier.examine(String(request.headers.dpop), expected).catch(refuse);
    if (proof.nextNonce !== undefined) reply.header('DPoP-Nonce', proof.nextNonce);
    return { proof, useUp: () => useUp().catch(refuse) };
  }
}

function refusal(error: unknown, reply: HttpReply): unknown {
  if (!(error instanceof DpopError)) return error;
  // The store's own error says whether trying again helps.
  if (error.code === 'replay_store_unavailable') return error.cause;
  if (error.nonce === undefined) return invalid(error.message, error.code);
  reply.header('DPoP-Nonce', error.nonce);
  return new OAuthError('use_dpop_nonce', error.message);
}

function isSent({ headers }: HttpRequest): boolean {
  return headers.dpop !== undefined;
}

function invalid(description: string, cause?: string): OAuthError {
  return new OAuthError('invalid_dpop_proof', description, { cause });
}
