import { Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import {
  ClientStore,
  Clock,
  hashHandle,
  type RefreshToken,
  RefreshTokenStore,
  ResourceStore,
} from '@tessera/resource-model';
import type { Caller } from '../../clients/caller-authenticator.js';
import { type AccessTokenClaims, AccessTokenReader } from '../../tokens/access-token.reader.js';
import { SubjectIdentifiers } from '../../tokens/subject-identifiers.js';

/** RFC 7662 §2.2: what a token says, or that it says nothing to the caller. */
export type IntrospectionBody =
  { readonly active: false } | ({ readonly active: true } & Readonly<Record<string, unknown>>);

const inactive: IntrospectionBody = Object.freeze({ active: false });

/** Tells an API or a client about tokens that concern it. Of any other token it learns nothing, not even that it exists. */
@Injectable()
export class Introspection {
  constructor(
    private readonly accessTokens: AccessTokenReader,
    private readonly refreshTokens: RefreshTokenStore,
    private readonly resources: ResourceStore,
    private readonly clients: ClientStore,
    private readonly profiles: ProfileService,
    private readonly subjects: SubjectIdentifiers,
    private readonly clock: Clock,
  ) {}

  /** RFC 7662 §2.1: the hint says where to look first, and no more. */
  async describe(token: string, hint: string | undefined, caller: Caller): Promise<IntrospectionBody> {
    const look = [() => this.describeAccessToken(token, caller), () => this.describeRefreshToken(token, caller)];
    for (const describe of hint === 'refresh_token' ? look.reverse() : look) {
      const body = await describe();
      if (body.active) return body;
    }
    return inactive;
  }

  private async describeAccessToken(token: string, caller: Caller): Promise<IntrospectionBody> {
    const claims = (await this.accessTokens.read(token))?.claims;
    if (!claims) return inactive;
    if (caller.client) {
      return caller.client.clientId === claims.client_id
        ? { ...claims, active: true, token_type: typeOf(claims) }
        : inactive;
    }
    const { name, scopes } = caller.resource;
    if (!audiencesOf(claims).includes(name)) return inactive;
    const catalogue = await this.resources.catalogue();
    // An API learns which of its own scopes the token has, and nothing about other APIs.
    const scope = claims.scope
      .split(' ')
      .filter((granted) => !catalogue.isApiScope(granted) || scopes.includes(granted));
    const details = claims.authorization_details?.filter(({ type }) => catalogue.isDetailFor(type, name));
    const ofApi = { aud: name, scope: scope.join(' '), ...(details && { authorization_details: details }) };
    return { ...claims, ...ofApi, active: true, token_type: typeOf(claims) };
  }

  private async describeRefreshToken(token: string, caller: Caller): Promise<IntrospectionBody> {
    const found = caller.client && (await this.refreshTokens.find(hashHandle(token)));
    if (!found || found.clientId !== caller.client.clientId || !(await this.isUsable(found))) return inactive;
    return {
      active: true,
      client_id: found.clientId,
      sub: await this.subjects.of(found.subject, caller.client),
      scope: found.scopes.join(' '),
      authorization_details: found.details,
      iat: found.createdAt,
      exp: found.expiresAt,
    };
  }

  /** Whether a refresh with it would succeed now. */
  private async isUsable({ clientId, subject, rotation, expiresAt }: RefreshToken): Promise<boolean> {
    if (rotation !== undefined || (expiresAt !== undefined && expiresAt <= this.clock.now())) return false;
    const client = await this.clients.find(clientId);
    return client?.enabled === true && client.allowOfflineAccess && (await this.profiles.isActive(subject, client));
  }
}

function audiencesOf({ aud }: AccessTokenClaims): readonly string[] {
  return typeof aud === 'string' ? [aud] : aud;
}

/** RFC 9449 §6.2: how the token is to be sent. */
function typeOf({ cnf }: AccessTokenClaims): 'Bearer' | 'DPoP' {
  return cnf?.jkt === undefined ? 'Bearer' : 'DPoP';
}
