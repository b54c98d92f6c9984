import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeBytes } from '@tessera/jws';
import {
  type SecretAlgorithm,
  secretAlgorithms,
  signingAlgorithms,
  type TokenEndpointAuthMethod,
} from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { ClientKeys } from '../keys/client-keys.js';
import { KeyUnavailableError } from '../keys/key-holder.js';
import type { Assertion } from './assertion.js';

/** One kind of signature under an assertion. */
export interface AssertionSignature {
  readonly method: TokenEndpointAuthMethod;
  /** The algorithms of this kind and of no other: which kind an assertion has is for its `alg` to say, and which it may have for the client. */
  readonly algorithms: readonly string[];
  /** Why the signature is not the client's; undefined: it is. */
  faultFor(client: Client | undefined, assertion: Assertion): Promise<string | undefined> | string | undefined;
}

/** `private_key_jwt`: signed with a key whose public half the client registered (OpenID Connect Core §9). */
@Injectable()
export class PrivateKeySignature implements AssertionSignature {
  readonly method = 'private_key_jwt';
  readonly algorithms = signingAlgorithms;

  constructor(private readonly keys: ClientKeys) {}

  async faultFor(client: Client | undefined, { jws, header, algorithm }: Assertion): Promise<string | undefined> {
    if (!client) return 'nobody has keys';
    try {
      // What the header brings along of keys (jwk, jku, x5c, x5u) is not looked at: anybody can write it (RFC 8725 §3.10).
      const keys = await this.keys.candidates(client, { alg: algorithm, kid: header.kid });
      const signature = decodeBytes(jws.signature);
      if (keys.some((key) => key.verify(jws.signingInput, signature))) return undefined;
      return "the assertion is signed with none of the client's keys";
    } catch (error) {
      if (error instanceof KeyUnavailableError) return error.message;
      throw error;
    }
  }
}

/** RFC 7518 §3.2: a key is at least as long as the hash, in bytes. */
const hashes: Readonly<Record<SecretAlgorithm, { readonly name: string; readonly bytes: number }>> = {
  HS256: { name: 'sha256', bytes: 32 },
  HS384: { name: 'sha384', bytes: 48 },
  HS512: { name: 'sha512', bytes: 64 },
};

/** Computed with where there is no secret, so that it takes as long as where there is one. */
const nobodysSecret = 'no client has this secret'.repeat(3);

/** `client_secret_jwt`: signed with a secret that client and server share (OpenID Connect Core §9). A public key is no such secret, whatever it reads like. */
@Injectable()
export class SecretSignature implements AssertionSignature {
  readonly method = 'client_secret_jwt';
  readonly algorithms = secretAlgorithms;

  faultFor(client: Client | undefined, { jws, algorithm }: Assertion): string | undefined {
    const secret = client?.assertionSecret ?? nobodysSecret;
    const hash = hashes[algorithm as SecretAlgorithm];
    const expected = createHmac(hash.name, secret).update(jws.signingInput, 'latin1').digest();
    const signature = decodeBytes(jws.signature);
    const matches = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (client?.assertionSecret === undefined) return 'the client has no assertionSecret';
    if (Buffer.byteLength(secret) < hash.bytes) {
      return `the assertionSecret is too short for ${algorithm}, which needs ${hash.bytes} bytes`;
    }
    return matches ? undefined : "the assertion is not signed with the client's assertionSecret";
  }
}
