import { Inject, Injectable } from '@nestjs/common';
import { type Actor, type ExchangeableToken, ExchangeableTokens, type MayAct } from '@tessera/grant-types';
import { OAuthError, Scopes, TokenTypeIdentifiers } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { AccessTokenReader } from './access-token.reader.js';
import { ActClaimReader } from './act-claim.reader.js';
import { actorIn } from './act-claim.js';
import { authenticationIn } from './claims.js';
import { LiveIdentityTokenReader } from './live-identity-token.reader.js';
import { type TrustedJwt, TrustedJwtError, TrustedJwtReader } from './trusted-jwt.reader.js';

type Read = (token: string, client: Client) => Promise<ExchangeableToken | undefined>;

/** Reads what clients bring to an exchange: access tokens and id_tokens of this server, and JWTs of servers that are trusted. */
@Injectable()
export class ExchangeableTokenReader extends ExchangeableTokens {
  /** What is of one kind is never taken for another: each is looked for by itself (RFC 8693 §3). */
  private readonly readers = new Map<string, Read>([
    [TokenTypeIdentifiers.accessToken, (token) => this.accessToken(token)],
    [TokenTypeIdentifiers.idToken, (token) => this.identityToken(token)],
    [TokenTypeIdentifiers.jwt, (token, client) => this.trustedJwt(token, client)],
  ]);

  readonly types = [...this.readers.keys()];

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly accessTokens: AccessTokenReader,
    private readonly identityTokens: LiveIdentityTokenReader,
    private readonly jwts: TrustedJwtReader,
    private readonly actors: ActClaimReader,
  ) {
    super();
  }

  async read(token: string, type: string, client: Client): Promise<ExchangeableToken | undefined> {
    return this.readers.get(type)?.(token, client);
  }

  private async accessToken(token: string): Promise<ExchangeableToken | undefined> {
    const found = await this.accessTokens.read(token);
    if (!found) return undefined;
    const { claims, subject, client, familyTag } = found;
    return {
      person: subject === undefined ? undefined : { subject, authentication: authenticationIn(claims) },
      clientId: client.clientId,
      audiences: [claims.aud].flat(),
      scopes: claims.scope.split(' '),
      expiresAt: claims.exp,
      confirmation: claims.cnf,
      actor: await this.actors.read(claims.act, client),
      mayAct: this.mayActIn(claims.may_act),
      familyTag,
    };
  }

  private async identityToken(token: string): Promise<ExchangeableToken | undefined> {
    const found = await this.identityTokens.read(token);
    if (!found) return undefined;
    const { claims, subject, client } = found;
    const person = { subject, authentication: authenticationIn(claims) };
    // It vouches for the person and opens no API: what may come of it is for a policy to say.
    return { person, clientId: client.clientId, scopes: [Scopes.openid], expiresAt: claims.exp };
  }

  private async trustedJwt(token: string, client: Client): Promise<ExchangeableToken> {
    const { issuer, claims, person } = await this.jwts.read(token, client).catch(refuse);
    // The server that wrote it may have bound it in a way that is unknown here.
    if (claims.cnf !== undefined) throw refusal('it is bound to a key (cnf)');
    return {
      person,
      issuer: issuer.issuer,
      scopes: issuer.scopes,
      expiresAt: Math.floor(claims.exp),
      actor: foreignActor({ issuer, claims }),
      mayAct: this.mayActIn(claims.may_act),
    };
  }

  /** RFC 8693 §4.4: the one party that its members name together. Of a member that is unknown here nobody could say whether it is met. */
  private mayActIn(claim: unknown): MayAct | undefined {
    if (claim === undefined) return undefined;
    const { sub, iss, ...others } = (typeof claim === 'object' && claim !== null ? claim : {}) as Record<
      string,
      unknown
    >;
    const isKnown = (iss === undefined || iss === this.options.issuer) && Object.keys(others).length === 0;
    return { sub: isKnown && typeof sub === 'string' ? sub : undefined };
  }
}

function foreignActor({ issuer, claims }: Pick<TrustedJwt, 'issuer' | 'claims'>): Actor | undefined {
  try {
    return actorIn(claims.act, issuer.issuer);
  } catch (cause) {
    throw refusal('its act names nobody', cause);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TrustedJwtError)) throw error;
  throw refusal(error.message, error.cause);
}

function refusal(reason: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_request', `The JWT of another server: ${reason}.`, { cause });
}
