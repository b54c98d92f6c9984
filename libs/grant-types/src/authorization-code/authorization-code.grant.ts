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
import type { Grant } from '../grant.js';
import { PersonStanding } from '../person-standing.js';
import { TokenFamilies } from '../token-families.js';
import { verifyCodeVerifier } from './code-verifier.js';

export class AuthorizationCodeParams {
  @Parameter({ required: true, maxLength: 512 })
  code!: string;

  @Parameter({ required: true })
  redirectUri!: string;

  @Parameter({ maxLength: 128 })
  codeVerifier?: string;
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
    private readonly clock: Clock,
  ) {}

  /** The hybrid flow redeems its codes like the code flow does (OpenID Connect Core §3.3.3). */
  isAllowedFor({ allowedGrantTypes }: Client): boolean {
    return allowedGrantTypes.includes(this.type) || allowedGrantTypes.includes(FlowTypes.hybrid);
  }

  async authorize(client: Client, params: AuthorizationCodeParams): Promise<Authorization> {
    const handleHash = hashHandle(params.code);
    const code = await this.codes.find(handleHash);
    // Another client's try is answered as an unknown code, and does not burn it.
    if (!code || code.clientId !== client.clientId) throw new OAuthError('invalid_grant', 'The code is unknown.');
    if (code.redeemed) return this.refuseReplay(client, code);
    this.check(code, params);
    const { subject, authentication, scopes, resources, nonce, familyId, requestedClaims } = code;
    const person = { subject, authentication };
    await this.people.check(client, person);
    if (!(await this.codes.redeem(handleHash))) return this.refuseReplay(client, code);
    return { client, person, scopes, resources, nonce, familyId, requestedClaims };
  }

  private check(code: AuthorizationCode, params: AuthorizationCodeParams): void {
    if (code.expiresAt <= this.clock.now()) throw new OAuthError('invalid_grant', 'The code has expired.');
    if (code.redirectUri !== params.redirectUri) {
      throw new OAuthError('invalid_grant', 'redirect_uri differs from the one the code was issued for.');
    }
    verifyCodeVerifier(code.challenge, params.codeVerifier);
  }

  /** RFC 6749 §4.1.2: what the code gave is taken back, since one of the two who hold it is a thief. */
  private async refuseReplay(client: Client, { familyId }: AuthorizationCode): Promise<never> {
    await this.families.revoke(familyId, client);
    throw new OAuthError('invalid_grant', 'The code was used before; all that came of it is revoked.');
  }
}
