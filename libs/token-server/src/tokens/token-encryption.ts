import { Injectable } from '@nestjs/common';
import type { ApiResource, Client, EncryptionChoice, Jwk } from '@tessera/resource-model';
import { CompactEncrypt, type JWK } from 'jose';
import { ClientKeys } from '../keys/client-keys.js';
import { KeyUnavailableError } from '../keys/key-holder.js';

/** A signed token; or claims that nobody signed, which is for userinfo alone (OpenID Connect Core §5.3.2). */
type Content = string | object;

/** Encrypts what is for one reader to the reader's public key (RFC 7516): signed first, so that what comes out can be shown to others (RFC 7519 §11.2). */
@Injectable()
export class TokenEncryption {
  constructor(private readonly clientKeys: ClientKeys) {}

  /**
   * A token as the client takes it: the very same where it wants nothing encrypted.
   * @throws Error where it has no key for that: what is to be encrypted never goes out in the clear
   */
  async forClient(client: Client, content: Content, choice: EncryptionChoice): Promise<string>;
  async forClient(client: Client, jwt: string, choice: EncryptionChoice | undefined): Promise<string>;
  async forClient(client: Client, content: Content, choice: EncryptionChoice | undefined): Promise<string> {
    if (!choice) return content as string;
    const key = await this.keyOf(client, choice.alg);
    return typeof content === 'string'
      ? encrypt(content, choice, key, 'JWT')
      : encrypt(JSON.stringify(content), choice, key);
  }

  private async keyOf(client: Client, algorithm: EncryptionChoice['alg']): Promise<Jwk> {
    try {
      return await this.clientKeys.encryptionKey(client, algorithm);
    } catch (cause) {
      if (!(cause instanceof KeyUnavailableError)) throw cause;
      throw new Error(`Nothing can be encrypted for client '${client.clientId}': ${cause.message}`, { cause });
    }
  }

  /** As for a client, to the one key that the configuration gives the API. `contentType`: what is inside (RFC 7519 §5.2). */
  async forResource(
    { encryptionJwk }: ApiResource,
    jwt: string,
    choice: EncryptionChoice | undefined,
    contentType = 'JWT',
  ): Promise<string> {
    return choice ? encrypt(jwt, choice, encryptionJwk!, contentType) : jwt;
  }
}

/** Never compressed: how long a compressed text is tells of what stands in it (RFC 8725 §3.6). */
function encrypt(text: string, { alg, enc }: EncryptionChoice, key: Jwk, cty?: string): Promise<string> {
  const recipient = typeof key.kid === 'string' ? { kid: key.kid } : {};
  return new CompactEncrypt(Buffer.from(text))
    .setProtectedHeader({ alg, enc, ...(cty !== undefined && { cty }), ...recipient })
    .encrypt(bareKey(key));
}

/** Remembered by jose as long as it is the same object. */
const bareKeys = new WeakMap<Jwk, JWK>();

/** The key without what its owner says of its use, which has been looked at, and which readers of keys understand in different ways. */
function bareKey(key: Jwk): JWK {
  let bare = bareKeys.get(key);
  if (!bare) {
    const { kty, n, e, crv, x, y } = key;
    bare = Object.fromEntries(Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined));
    bareKeys.set(key, bare);
  }
  return bare;
}
