import { hash } from 'node:crypto';
import type { SigningAlgorithm } from '@tessera/protocol';
import { splitCompactJws, type CompactJws } from '../compact-jws.js';
import { JwsError } from '../jws.error.js';
import { VerificationKey } from '../verification-key.js';
import type { DpopNonces } from './dpop-nonces.js';
import type { DpopExpectations, DpopProof, ExaminedProof } from './dpop-proof.js';
import type { DpopReplayStore } from './dpop-replay.store.js';
import { DpopError } from './dpop.error.js';
import { readProofClaims, type ProofClaims } from './proof-claims.js';
import { readProofHeader, type ProofHeader } from './proof-header.js';
import * as rules from './proof-rules.js';
import { RecentlyUsed } from './recently-used.js';

/** What a server asks of every proof. Lengths of time are in seconds. */
export interface DpopPolicy {
  readonly algorithms: readonly SigningAlgorithm[];
  /** How old the `iat` of a proof may be. */
  readonly proofLifetime: number;
  /** How far the clocks of senders and of nodes may differ. */
  readonly clockTolerance: number;
  /** With them, every proof needs one of these nonces. */
  readonly nonces?: DpopNonces;
  readonly replayStore: DpopReplayStore;
}

/** The longest proof that is read, in characters. With a key of 4,096 bits RSA a proof has about 2,000. */
export const maxProofLength = 8_192;

interface Signer extends ProofHeader {
  readonly key: VerificationKey;
}

/** Verifies DPoP proofs (RFC 9449 §4.3), for APIs and for token endpoints. */
export class DpopProofVerifier {
  /**
   * By the text of the header, which a client sends the same each time: reading the header, its thumbprint and its key costs more
   * than the signature. Only those come in whose proof was good.
   */
  private readonly signers = new RecentlyUsed<Signer>(1_000);

  constructor(private readonly policy: DpopPolicy) {
    for (const name of ['proofLifetime', 'clockTolerance'] as const) {
      if (!(policy[name] >= 0))
        throw new RangeError(`${name} is ${policy[name]}; it is a number of seconds, 0 or more.`);
    }
  }

  /** Verifies a proof and uses it up: the same proof is not accepted again. Rejects with a DpopError. */
  async verify(proof: string, expected: DpopExpectations): Promise<DpopProof> {
    const { proof: found, useUp } = await this.examine(proof, expected);
    await useUp();
    return found;
  }

  /**
   * Verifies a proof, all but that it has not been used before: that comes when all else of the request has been found right, so that who sends what is
   * wrong has nothing remembered. Rejects with a DpopError.
   *
   * The numbers are those of RFC 9449 §4.3. What costs little comes first; the signature (6) comes after all that needs no
   * cryptography, and the memory of used proofs last, so that nothing that is wrong otherwise is remembered.
   */
  async examine(proof: string, expected: DpopExpectations): Promise<ExaminedProof> {
    const { policy } = this;
    try {
      const jws = splitProof(proof); //                                                        1, 2
      const claims = readProofClaims(jws.payload); //                                          3
      const known = this.signers.get(jws.header);
      const header = known ?? readProofHeader(jws.header, policy.algorithms); //               4, 5, 7
      rules.checkMethod(claims, expected); //                                                  8
      rules.checkTarget(claims, expected); //                                                  9
      const nextNonce = rules.checkNonce(claims, expected.now, policy.nonces); //              10
      rules.checkTime(claims, expected.now, policy); //                                        11
      rules.checkBinding(claims, header.thumbprint, expected); //                              12
      const key = known?.key ?? (await VerificationKey.fromJwk(header.jwk, header.algorithm));
      rules.checkSignature(jws, key); //                                                       6
      if (!known) this.signers.set(jws.header, { ...header, key });
      const { thumbprint } = header;
      return {
        proof: { thumbprint, jti: claims.jti, issuedAt: claims.iat, nonce: claims.nonce, nextNonce },
        useUp: () => this.useUp(claims, thumbprint), //                                        §11.1
      };
    } catch (error) {
      throw error instanceof JwsError ? unreadable(error) : error;
    }
  }

  /**
   * RFC 9449 §11.1. What is remembered is key and `jti`: not `jti` alone, with which one client could spoil those of others; not
   * `htu` with it, because a `jti` that comes twice is wrong wherever it comes; and not the text of the proof, which has more
   * than one good signature (of ECDSA anybody can make a second one). The time covers that another node's clock, or the store's, is
   * behind by the tolerance, or counts whole seconds.
   */
  private async useUp({ jti, iat }: ProofClaims, thumbprint: string): Promise<void> {
    const { proofLifetime, clockTolerance, replayStore } = this.policy;
    const expiresAt = Math.ceil(iat + proofLifetime + 2 * clockTolerance) + 1;
    let isNew: boolean;
    try {
      isNew = await replayStore.remember(hash('sha256', `${thumbprint}.${jti}`, 'base64url'), expiresAt);
    } catch (cause) {
      throw new DpopError('replay_store_unavailable', 'DPoP proofs cannot be checked at the moment.', { cause });
    }
    if (isNew !== true)
      throw new DpopError('proof_replayed', 'The DPoP proof was used before: each request needs its own.');
  }
}

/**
 * Points 1 and 2: one header field with one JWT. Node joins repeated fields with a comma, and nothing but three parts in
 * base64url comes through here.
 */
function splitProof(proof: string): CompactJws {
  if (proof.length > maxProofLength) {
    throw new DpopError('proof_malformed', `The DPoP proof is longer than ${maxProofLength} characters.`);
  }
  return splitCompactJws(proof);
}

function unreadable(cause: JwsError): DpopError {
  return new DpopError('proof_malformed', `The DPoP proof cannot be read. ${cause.message}`, { cause });
}
