import { randomUUID, X509Certificate } from 'node:crypto';
import { certificateThumbprint } from '@tessera/jws';
import { TokenTypes } from '@tessera/protocol';
import { compactToken, type Members } from './compact-token.js';
import type { KeyRing } from './key-ring.js';
import type { SigningKey } from './signing-key.js';

/** What a token is to say beside the usual claims. Any claim may be given; undefined takes one out. */
export interface TokenClaims {
  sub?: string;
  client_id?: string;
  /** Scopes with spaces between them. */
  scope?: string;
  /** The same as a list, written as `scope`. */
  scopes?: readonly string[];
  roles?: readonly string[];
  acr?: string;
  /** When the person signed in. Seconds since the epoch. */
  auth_time?: number;
  [claim: string]: unknown;
}

/** How a token is made. */
export interface MintOptions {
  /** Members of the header beside `alg`, `kid` and `typ: 'at+jwt'`, or in their place; undefined takes one out. */
  header?: Members;
  /** Sign with this key. Default: the newest. */
  kid?: string;
  /** Seconds until `exp`; negative for a token that has expired. Default 3,600. */
  expiresIn?: number;
  /** Bind the token to a client certificate (RFC 8705 §3.1): the certificate as PEM or DER, or its thumbprint in base64url. */
  certificate?: string | Buffer | X509Certificate;
}

/** What every token of an issuer is made of. */
export interface MintStock {
  readonly issuer: string;
  readonly keys: KeyRing;
  readonly claims: TokenClaims;
  readonly header: Members;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Called with each token and its claims. */
  readonly onMinted: (token: string, claims: Members) => void;
}

/** Makes the tokens of one issuer. */
export class TokenMint {
  constructor(
    readonly stock: MintStock,
    /** The `aud` of tokens. */
    public audience: string | readonly string[],
  ) {}

  /** Seconds since the epoch. */
  get now(): number {
    return Math.floor(this.stock.clock() / 1000);
  }

  /** The claims of a good token (RFC 9068 §2.2), changed by what is given. */
  claims(given: TokenClaims = {}, { expiresIn = 3_600, certificate }: MintOptions = {}): Members {
    return {
      iss: this.stock.issuer,
      aud: this.audience,
      sub: 'alice',
      client_id: 'test-client',
      iat: this.now,
      exp: this.now + expiresIn,
      jti: randomUUID(),
      ...(certificate !== undefined && { cnf: { 'x5t#S256': thumbprintOf(certificate) } }),
      ...written(this.stock.claims),
      ...written(given),
    };
  }

  header({ kid, header }: MintOptions = {}): Members {
    const key = this.keyOf(kid);
    return { alg: key.algorithm, typ: TokenTypes.accessToken, kid: key.kid, ...this.stock.header, ...header };
  }

  token(claims: TokenClaims = {}, options: MintOptions = {}): string {
    const key = this.keyOf(options.kid);
    const signed = this.claims(claims, options);
    const token = compactToken(this.header(options), signed, (input) => key.sign(input));
    this.stock.onMinted(token, signed);
    return token;
  }

  private keyOf(kid: string | undefined): SigningKey {
    const { keys } = this.stock;
    return kid === undefined ? keys.current : keys.find(kid);
  }
}

/** `scopes` is a word of tests; on the wire it is `scope` (RFC 8693 §4.2). */
function written({ scopes, ...claims }: TokenClaims): Members {
  if (scopes === undefined) return claims;
  if (claims.scope !== undefined) throw new TypeError('A token was asked for with scope and scopes; give one of them.');
  return { ...claims, scope: scopes.join(' ') };
}

function thumbprintOf(certificate: string | Buffer | X509Certificate): string {
  if (typeof certificate === 'string' && /^[\w-]{43}$/.test(certificate)) return certificate;
  const { raw } = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate);
  return certificateThumbprint(raw);
}
