import { decodeObject } from '@tessera/jws';
import type { DecryptionSettings } from '../options/decryption-settings.js';
import { AccessTokenError } from '../token/access-token.error.js';
import { readSignedToken, type SignedToken } from '../token/signed-token.js';
import type { DecryptionKey } from './decryption-key.js';

/** Opens tokens that an issuer encrypted to this API (RFC 7516). What comes out is signed, and nobody has checked it yet. */
export class TokenOpener {
  constructor(private readonly settings: DecryptionSettings) {}

  /** RFC 9068 §4: where encryption was agreed upon with the issuer, a token that came without it should be refused. */
  refuseUnencrypted(): void {
    if (!this.settings.required) return;
    throw new AccessTokenError(
      'token_not_encrypted',
      'The token is only signed, and this API accepts encrypted tokens alone.',
    );
  }

  /** RFC 7516 §9: a compact JWE is told from a compact JWS by its five parts. */
  fits(token: string): boolean {
    return token.split('.', 6).length === 5;
  }

  /**
   * What is inside, one layer deep. Fails always with the same AccessTokenError: a sender who could tell a wrong key from a wrong tag, or
   * either from a content that is no token, might learn what others were sent by changing it bit by bit (RFC 7516 §11.4, §11.5). Why
   * it failed is in the cause, for the application.
   */
  async open(token: string): Promise<SignedToken> {
    try {
      return readSignedToken(await this.decrypt(token), token);
    } catch (cause) {
      throw new AccessTokenError('token_not_opened', 'The token cannot be opened with the keys of this API.', {
        cause,
      });
    }
  }

  private async decrypt(token: string): Promise<string> {
    const { alg, enc, keys } = this.readHeader(token);
    let failure: unknown = new Error('No key of this API is of that name, type and curve, and for that algorithm.');
    for (const key of keys) {
      try {
        return await key.open(token, alg, enc);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Of the header only these members are read: a key or an address that came along (jwk, jku, x5c, x5u) is the sender's word. */
  private readHeader(token: string): { alg: string; enc: string; keys: readonly DecryptionKey[] } {
    const parts = token.split('.');
    if (!parts.every(isCanonical)) throw new Error('A part of the token is not base64url without padding.');
    const { alg, enc, kid, epk, cty, zip, crit } = decodeObject(parts[0]!);
    // RFC 7516 §4.1.13, RFC 7515 §4.1.11: no extension is understood here.
    if (crit !== undefined) throw new Error('The header demands an extension (crit).');
    // RFC 8725 §3.6: a few kilobytes can become gigabytes, and the length of a compressed text tells what stands in it.
    if (zip !== undefined) throw new Error('The content is compressed (zip).');
    if (!isNested(cty)) throw new Error('The header does not say that a signed token is inside (cty).');
    if (typeof alg !== 'string' || typeof enc !== 'string' || !this.settings.contentEncryptions.has(enc)) {
      throw new Error('The content is encrypted in a way that is not accepted (enc).');
    }
    return { alg, enc, keys: this.keysFor(alg, kid, epk) };
  }

  /** By name, and those without one where none has it: who makes a key may leave its naming to the issuer. The options bound how many are tried. */
  private keysFor(alg: string, kid: unknown, epk: unknown): readonly DecryptionKey[] {
    const curve = typeof epk === 'object' && epk !== null ? (epk as { crv?: unknown }).crv : undefined;
    const fitting = this.settings.keys.filter(
      (key) => key.algorithms.has(alg) && (key.curve === undefined || key.curve === curve),
    );
    if (kid === undefined) return fitting;
    const named = fitting.filter((key) => key.kid === kid);
    return named.length > 0 ? named : fitting.filter((key) => key.kid === undefined);
  }
}

/** RFC 7519 §5.2: `JWT` where one is inside. An issuer may say more exactly what kind (RFC 7516 §4.1.12, RFC 9068 §2.1). */
function isNested(cty: unknown): boolean {
  return typeof cty === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(cty);
}

/** RFC 7515 §2, RFC 4648 §3.5: the same token cannot be written in a second way. */
function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}
