import { Injectable } from '@nestjs/common';
import { FlowTypes, GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import {
  type AuthorizationCode,
  AuthorizationCodeStore,
  type Client,
  Clock,
  hashHandle,
} from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import { longestDetails } from '../detail-list.js';
import type { Grant, GrantCall, GrantOffer } from '../grant.js';
import { PersonStanding } from '../person-standing.js';
import { type GrantedScopes, RequestedScopes } from '../requested-scopes.js';
import { TokenFamilies } from '../token-families.js';
import { verifyCodeVerifier } from './code-verifier.js';

export class AuthorizationCodeParams {
  @Parameter({ required: true, maxLength: 512 })
  code!: string;

  @Parameter({ required: true })
  redirectUri!: string;

  @Parameter({ maxLength: 128 })
  codeVerifier?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter({ maxLength: longestDetails })
  authorizationDetails?: string;
}

/** A client redeems what a person agreed to at the authorize endpoint (RFC 6749 §4.1.3). */
@Injectable()
export class AuthorizationCodeGrant implements Grant<AuthorizationCodeParams> {
  readonly type = GrantTypes.authorizationCode;
  readonly params = AuthorizationCodeParams;

  constructor(
    private readonly codes: AuthorizationCodeStore,
    private readonly families: TokenFamilies,
    private readonly people: PersonStanding,
    private readonly scopes: RequestedScopes,
    private readonly clock: Clock,
  ) {}

  /** The hybrid flow redeems its codes like the code flow does (OpenID Connect Core §3.3.3). */
  isAllowedFor({ allowedGrantTypes }: Client): boolean {
    return allowedGrantTypes.includes(this.type) || allowedGrantTypes.includes(FlowTypes.hybrid);
  }

  /** Without pages nobody could agree to anything. */
  isOffered({ clients, hasPages }: GrantOffer): boolean {
    return hasPages && clients.length > 0;
  }

  async authorize(client: Client, params: AuthorizationCodeParams, call: GrantCall): Promise<Authorization> {
    const handleHash = hashHandle(params.code);
    const code = await this.codes.find(handleHash);
    // Another client's try is answered as an unknown code, and does not burn it.
    if (!code || code.clientId !== client.clientId) throw new OAuthError('invalid_grant', 'The code is unknown.');
    if (code.redeemed) return this.refuseReplay(client, code, call);
    this.check(code, params, call);
    const { subject, authentication, nonce, familyId, requestedClaims } = code;
    const person = { subject, authentication };
    await this.people.check(client, person);
    const granted = await this.granted(client, code, params);
    await call.useUpProof?.();
    if (!(await this.codes.redeem(handleHash))) return this.refuseReplay(client, code, call);
    return { client, person, ...granted, nonce, familyId, requestedClaims };
  }

  /** What the access token is for: all of it, or what the request narrows it to. The refresh token then still stands for all (RFC 8707 §2.2). */
  private async granted(
    client: Client,
    { scopes, resources, details }: AuthorizationCode,
    params: AuthorizationCodeParams,
  ): Promise<GrantedScopes & Pick<Authorization, 'refreshable'>> {
    const whole = { scopes, resources, details };
    if (params.resource.length === 0 && params.authorizationDetails === undefined) return whole;
    return { ...(await this.scopes.again(client, whole, params)), refreshable: whole };
  }

  private check(code: AuthorizationCode, params: AuthorizationCodeParams, { confirmation }: GrantCall): void {
    if (code.expiresAt <= this.clock.now()) throw new OAuthError('invalid_grant', 'The code has expired.');
    if (code.redirectUri !== params.redirectUri) {
      throw new OAuthError('invalid_grant', 'redirect_uri differs from the one the code was issued for.');
    }
    verifyCodeVerifier(code.challenge, params.codeVerifier);
    // RFC 9449 §10: whoever got hold of the code has not got the key.
    if (code.dpopJkt !== undefined && code.dpopJkt !== confirmation?.jkt) {
      throw new OAuthError('invalid_grant', 'The code is bound to a key (dpop_jkt): send a DPoP proof of that key.');
    }
  }

  /** RFC 6749 §4.1.2: what the code gave is taken back, since one of the two who hold it is a thief. */
  private async refuseReplay(client: Client, { familyId }: AuthorizationCode, call: GrantCall): Promise<never> {
    // Whoever sends a recorded request again, proof and all, has got no key, and takes nothing back.
    await call.useUpProof?.();
    await this.families.revoke(familyId, client);
    throw new OAuthError('invalid_grant', 'The code was used before; all that came of it is revoked.');
  }
}
