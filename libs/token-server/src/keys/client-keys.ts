import { Injectable } from '@nestjs/common';
import type { ClientCertificate, VerificationKey } from '@tessera/jws';
import type { EncryptionAlgorithm } from '@tessera/protocol';
import { Clock, isStrangersClientId, type Jwk } from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';
import { RequestBudget } from '../http/request-budget.js';
import { type KeyHolder, KeyUnavailableError, type NamedKey } from './key-holder.js';
import { PublicKeySet } from './public-key-set.js';
import { type FetchBudget, PublishedKeys } from './published-keys.js';
import { RecentlyUsed } from './recently-used.js';

/** Addresses whose keys are kept: of configured clients, and as many of others. */
const mostAddresses = 1000;

/** Sets of keys that are kept by what they say, and the characters of the longest of them. */
const mostSets = 1000;
const longestHeld = 4096;

/**
 * Requests in one minute, to one host and in all, for keys of clients that nobody configured: anybody can make many of these, and have their keys looked
 * for without proving anything. Addresses that gave keys before have a share of their own, so that newcomers take nothing from them.
 */
const strangers = { first: [20, 120], again: [60, 600] } as const;

/** The public keys of clients and of others who say where theirs are, ready for use: verified with, and encrypted to. */
@Injectable()
export class ClientKeys {
  private readonly held = new WeakMap<object, PublicKeySet>();
  /** A client that registered itself comes out of its store as another object each time; to read its key anew costs as much as a signature. */
  private readonly heldBefore = new RecentlyUsed(mostSets, (keys) => new PublicKeySet(JSON.parse(keys) as Jwk[]));
  private readonly published: RecentlyUsed<PublishedKeys>;
  /** Apart, so that no number of strangers puts out the keys of a configured client. */
  private readonly ofStrangers: RecentlyUsed<PublishedKeys>;

  constructor(outgoing: Outgoing, clock: Clock) {
    const [first, again] = [new RequestBudget(...strangers.first), new RequestBudget(...strangers.again)];
    const budget: FetchBudget = (address, isKnown, now) =>
      (isKnown ? again : first).take(new URL(address).hostname, now);
    this.published = new RecentlyUsed(mostAddresses, (address) => new PublishedKeys(address, outgoing, clock));
    this.ofStrangers = new RecentlyUsed(
      mostAddresses,
      (address) => new PublishedKeys(address, outgoing, clock, budget),
    );
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
      const text = JSON.stringify(jwks.keys);
      set = text.length <= longestHeld ? this.heldBefore.get(text) : new PublicKeySet(jwks.keys as Jwk[]);
      this.held.set(jwks, set);
    }
    return set;
  }

  private publishedAt({ jwksUri, clientId }: KeyHolder): PublishedKeys {
    if (jwksUri === undefined) throw new KeyUnavailableError('it has neither jwks nor jwksUri');
    const isStranger = clientId !== undefined && isStrangersClientId(clientId);
    return (isStranger ? this.ofStrangers : this.published).get(jwksUri);
  }
}
