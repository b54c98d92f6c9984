import { ArrayNotEmpty, IsArray, IsBoolean, IsOptional } from 'class-validator';
import { IsIdentifier, IsScopeMap, IsScopeName } from './validation-rules.js';

/** What a client may exchange tokens for (RFC 8693). Whatever is not allowed here is refused. */
export class TokenExchangeRules {
  /** The APIs that the new tokens may be for: names of ApiResources. A request may name fewer, never others. */
  @IsArray()
  @ArrayNotEmpty()
  @IsScopeName({ each: true })
  audiences: string[] = [];

  /** The clients whose tokens the client may exchange, beside its own: the applications that call the API it stands behind. */
  @IsArray()
  @IsIdentifier({ each: true })
  subjectTokenClients: string[] = [];

  /**
   * The APIs that access tokens of those clients must be for: the ones that the client stands behind, so that it cannot exchange what was sent to
   * others. None: whichever they are for.
   */
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @IsScopeName({ each: true })
  subjectTokenAudiences?: string[];

  /**
   * What a scope may be exchanged for, beside itself: `{ api1: [api2.read] }`. An id_token has the scope `openid` and no other. The new token has none but
   * such scopes, and of these only those in the client's `allowedScopes`.
   */
  @IsScopeMap()
  scopes: Record<string, string[]> = {};

  /** The clients whose tokens may be sent as `actor_token`, beside the client's own. */
  @IsArray()
  @IsIdentifier({ each: true })
  actorTokenClients: string[] = [];

  /** False: without an `actor_token` the client itself is the actor that the new token names (`act`). True: the new token says nothing of it (impersonation, RFC 8693 §1.1). */
  @IsBoolean()
  impersonation = false;

  constructor(init: Partial<TokenExchangeRules> = {}) {
    Object.assign(this, init);
  }
}
