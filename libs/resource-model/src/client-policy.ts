import { GrantTypes, tokenEndpointAuthMethods, type TokenEndpointAuthMethod } from '@tessera/protocol';
import { ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsOptional, IsString } from 'class-validator';
import { profileNames, type ProfileName } from './profiles/profile-presets.js';
import { IsHostPattern, IsScopeName } from './validation-rules.js';

/** What a client that nobody configured may be. Whatever is not listed it may not; people are always asked for their consent. */
export class ClientPolicy {
  /** The set of rules that it is held to. None: that of the server. */
  @IsOptional()
  @IsIn(profileNames)
  profile?: ProfileName;

  /** With `refresh_token` it may have refresh tokens (scope `offline_access`). */
  @IsArray()
  @ArrayNotEmpty()
  @IsString({ each: true })
  grantTypes: string[] = [GrantTypes.authorizationCode];

  /** The identity and API scopes that it may have. None: every identity scope, and the scopes of `resources`. */
  @IsOptional()
  @IsArray()
  @IsScopeName({ each: true })
  scopes?: string[];

  /** The API resources for which it may have tokens: a scope that belongs to another one as well is refused. */
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  resources?: string[];

  /** The hosts of its redirect URIs: `app.example.com`, or `.example.com` for all below that name. None: any, over https. Native applications have addresses without a host: leave `native` out where they are not to be. */
  @IsOptional()
  @IsArray()
  @IsHostPattern({ each: true })
  redirectHosts?: string[];

  /** `web`: redirect URIs are https. `native`: a loopback address or a scheme of the application's own, too (OpenID Connect Registration §2). */
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(['web', 'native'], { each: true })
  applicationTypes: ('web' | 'native')[] = ['web'];

  /** How it may authenticate. */
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(tokenEndpointAuthMethods, { each: true })
  tokenEndpointAuthMethods: TokenEndpointAuthMethod[] = [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'none',
  ];

  /** Whether codes need a proof key of confidential clients as well; public ones always do. */
  @IsBoolean()
  requirePkce = true;

  constructor(init: Partial<ClientPolicy> = {}) {
    Object.assign(this, init);
  }
}
