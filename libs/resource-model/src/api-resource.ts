import {
  type ContentEncryption,
  contentEncryptions,
  type EncryptionAlgorithm,
  encryptionAlgorithms,
  type SigningAlgorithm,
  signingAlgorithms,
} from '@tessera/protocol';
import { IsArray, IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsEncryptionKey, type Jwk } from './encryption-key.js';
import { Secret } from './secret.js';
import { IsScopeName, IsTextMap } from './validation-rules.js';

/** An API that tokens are meant for: its name is their audience. */
export class ApiResource {
  /** The audience (`aud`) of the tokens for the API. */
  @IsScopeName()
  name!: string;

  @IsOptional()
  @IsString()
  displayName?: string;

  @IsOptional()
  @IsString()
  description?: string;

  /** A disabled resource behaves as an unknown one. */
  @IsBoolean()
  enabled = true;

  @IsBoolean()
  showInDiscoveryDocument = true;

  /** Names of ApiScopes; one scope may belong to several resources. Declared without any, the resource has one of its own name. */
  @IsArray()
  @IsScopeName({ each: true })
  scopes: string[];

  /** With one of these the resource may ask about tokens at the introspection endpoint. */
  @IsArray()
  @ValidateNested({ each: true })
  apiSecrets: Secret[] = [];

  /** User claims that a token for this resource carries. */
  @IsArray()
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  userClaims: string[] = [];

  /** Signature algorithms the API understands, best first; empty: the server's default. */
  @IsArray()
  @IsIn(signingAlgorithms, { each: true })
  allowedAccessTokenSigningAlgorithms: SigningAlgorithm[] = [];

  /** The public key of the API as a JWK (RFC 7517): what is encrypted for the API is encrypted to it. */
  @IsOptional()
  @IsEncryptionKey()
  encryptionJwk?: Jwk;

  /**
   * How the key of an encrypted access token travels to the API, which is then the only one that can read it; none: tokens are not encrypted. A token
   * for several APIs cannot be, so it is refused.
   */
  @IsOptional()
  @IsIn(encryptionAlgorithms)
  accessTokenEncryptionAlg?: EncryptionAlgorithm;

  /** How its content is encrypted. None: A128CBC-HS256. */
  @IsOptional()
  @IsIn(contentEncryptions)
  accessTokenEncryptionEnc?: ContentEncryption;

  /** When set, what introspection tells the API is a JWT signed by this algorithm (RFC 9701 §6). None: JSON, or a JWT where the request asks for one. */
  @IsOptional()
  @IsIn(signingAlgorithms)
  introspectionSignedResponseAlg?: SigningAlgorithm;

  /** How the key of an encrypted introspection answer travels to the API; none: it is not encrypted (RFC 9701 §6). */
  @IsOptional()
  @IsIn(encryptionAlgorithms)
  introspectionEncryptedResponseAlg?: EncryptionAlgorithm;

  /** How its content is encrypted. None: A128CBC-HS256. */
  @IsOptional()
  @IsIn(contentEncryptions)
  introspectionEncryptedResponseEnc?: ContentEncryption;

  /** Whether only a request that names the resource (RFC 8707) gets a token for it. */
  @IsBoolean()
  requireResourceIndicator = false;

  @IsTextMap()
  properties: Record<string, string> = {};

  constructor(name: string, displayName?: string, init: Partial<Omit<ApiResource, 'name' | 'displayName'>> = {}) {
    Object.assign(this, init);
    this.name = name;
    this.displayName = displayName;
    const { scopes = [] } = init;
    this.scopes = scopes.length === 0 ? [name] : scopes;
  }
}
