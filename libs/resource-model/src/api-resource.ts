import { signingAlgorithms, type SigningAlgorithm } from '@tessera/protocol';
import { IsArray, IsBoolean, IsIn, IsNotEmpty, IsOptional, IsString, ValidateNested } from 'class-validator';
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
