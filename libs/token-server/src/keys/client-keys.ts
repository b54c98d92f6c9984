import { Injectable } from '@nestjs/common';
import type { ClientCertificate, VerificationKey } from '@tessera/jws';
import type { EncryptionAlgorithm } from '@tessera/protocol';
import { Clock, type Jwk } from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';
import { type KeyHolder, KeyUnavailableError, type NamedKey } from './key-holder.js';
import { PublicKeySet } from './public-key-set.js';
import { PublishedKeys } from './published-keys.js';
import { RecentlyUsed } from './recently-used.js';

/** Addresses whose keys are kept. */
const mostAddresses = 1000;

/** The public keys of clients and of others who say where theirs are, ready for use: verified with, and encrypted to. */
@Injectable()
export class ClientKeys {
  private readonly held = new WeakMap<object, PublicKeySet>();
  private readonly published: RecentlyUsed<PublishedKeys>;

  constructor(outgoing: Outgoing, clock: Clock) {
    this.published = new RecentlyUsed(mostAddresses, (address) => new PublishedKeys(address, outgoing, clock));
  }

  /**
   * The keys that a signature with this header may be of, at least one. An unknown `kid` has what the holder publishes fetched anew, now and then.
   * @throws KeyUnavailableError that says in clear words why there is none
   */
  async candidates(holder: KeyHolder, header: NamedKey): Promise<readonly VerificationKey[]> {
    const set = this.heldBy(holder) ?? (await this.publishedAt(holder).current((keys) => keys.knows(header)));
    return set.candidates(header);
  }

  /**
   * The key to encrypt for the holder with.
   * @throws KeyUnavailableError that says in clear words why there is none
   */
  async encryptionKey(holder: KeyHolder, algorithm: EncryptionAlgorithm): Promise<Jwk> {
    const set = this.heldBy(holder) ?? (await this.publishedAt(holder).current());
    return set.encryptionKey(algorithm);
  }

  /**
   * Whether a certificate is of one of the keys, or is itself among them (RFC 8705 §2.2.2). An unknown one has what the holder publishes fetched
   * anew, now and then.
   * @throws KeyUnavailableError that says in clear words why there are none
   */
  async includeKeyOf(holder: KeyHolder, certificate: ClientCertificate): Promise<boolean> {
    const isIn = (keys: PublicKeySet) => keys.includesKeyOf(certificate);
    return isIn(this.heldBy(holder) ?? (await this.publishedAt(holder).current(isIn)));
  }

  private heldBy({ jwks }: KeyHolder): PublicKeySet | undefined {
    if (!jwks) return undefined;
    let set = this.held.get(jwks);
    if (!set) {
      set = new PublicKeySet(jwks.keys as readonly Jwk[]);
      this.held.set(jwks, set);
    }
    return set;
  }

  private publishedAt({ jwksUri }: KeyHolder): PublishedKeys {
    if (jwksUri === undefined) throw new KeyUnavailableError('it has neither jwks nor jwksUri');
    return this.published.get(jwksUri);
  }
}
