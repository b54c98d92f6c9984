import { Injectable } from '@nestjs/common';
import type { Client, Confirmation } from '@tessera/resource-model';
import type { PresentedToken } from '../http/presented-token.js';
import { ClientCertificates } from './client-certificates.js';
import { DpopProofs } from './dpop-proofs.js';
import type { PossessionCall, PossessionProof, Proven } from './possession-proof.js';

/** What senders prove to hold, so that nobody else can use what they get (RFC 7800). */
@Injectable()
export class ProofOfPossession {
  private readonly proofs: readonly PossessionProof[];

  constructor(dpop: DpopProofs, certificates: ClientCertificates) {
    this.proofs = [dpop, certificates];
  }

  /** What tokens get bound to, and what has to be used up before any is issued; undefined where nothing is proven. @throws OAuthError */
  async of(call: PossessionCall, client: Client): Promise<Proven | undefined> {
    let all: Proven | undefined;
    for (const proof of this.proofs) {
      const found = proof.proven(call, client);
      const proven = found instanceof Promise ? await found : found;
      if (proven) all = { ...all, ...proven, confirmation: { ...all?.confirmation, ...proven.confirmation } };
    }
    return all;
  }

  /** Whether the sender of an access token may use it: all that it is bound to is proven. @throws OAuthError */
  async check(call: PossessionCall, presented: PresentedToken, asked: Confirmation | undefined): Promise<void> {
    for (const proof of this.proofs) await proof.check(call, presented, asked);
  }
}
