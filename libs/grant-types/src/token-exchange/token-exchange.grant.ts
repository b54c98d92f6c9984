import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter, TokenTypeIdentifiers } from '@tessera/protocol';
import type { Client, Confirmation } from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import { AccessDerivation } from '../access-derivation.js';
import type { Grant, GrantCall, GrantOffer } from '../grant.js';
import { PersonStanding } from '../person-standing.js';
import { actorOf } from './actors.js';
import { type ExchangeableToken, ExchangeableTokens } from './exchangeable-tokens.js';
import { TokenExchangePolicy } from './token-exchange.policy.js';

/** Tokens with many scopes and claims; what is longer is no token of any server. */
const longestToken = 16_384;

/** RFC 8693 §2.1. */
export class TokenExchangeParams {
  @Parameter({ required: true, maxLength: longestToken })
  subjectToken!: string;

  @Parameter({ required: true, maxLength: 200 })
  subjectTokenType!: string;

  @Parameter({ maxLength: longestToken })
  actorToken?: string;

  @Parameter({ maxLength: 200 })
  actorTokenType?: string;

  @Parameter({ maxLength: 200 })
  requestedTokenType?: string;

  @Parameter({ repeatable: true })
  resource: string[] = [];

  @Parameter({ repeatable: true })
  audience: string[] = [];

  @Parameter()
  scope?: string;
}

/** A client exchanges a token for one that is good elsewhere, for whom the token is about (RFC 8693): never for more, never for longer. */
@Injectable()
export class TokenExchangeGrant implements Grant<TokenExchangeParams> {
  readonly type = GrantTypes.tokenExchange;
  readonly params = TokenExchangeParams;

  constructor(
    private readonly tokens: ExchangeableTokens,
    private readonly policy: TokenExchangePolicy,
    private readonly access: AccessDerivation,
    private readonly people: PersonStanding,
  ) {}

  /** RFC 8693 §5: without client authentication whoever gets hold of a token could make others of it. */
  isAllowedFor({ allowedGrantTypes, requireClientSecret }: Client): boolean {
    return allowedGrantTypes.includes(this.type) && requireClientSecret;
  }

  isOffered({ clients }: GrantOffer): boolean {
    return clients.length > 0;
  }

  async authorize(client: Client, params: TokenExchangeParams, call: GrantCall): Promise<Authorization> {
    checkTypes(params);
    const subject = await this.read('subject', params.subjectToken, params.subjectTokenType, client, call);
    const actor = params.actorToken && (await this.actor(params.actorToken, params.actorTokenType, client, call));
    const exchange = { client, subject, actor: actor || undefined };
    await this.checkSubject(client, subject);
    await this.checkPerson('actor', client, exchange.actor);
    const terms = await this.policy.terms(exchange);
    const resources = [...params.resource, ...params.audience];
    return {
      client,
      person: subject.person,
      ...(await this.access.derive(client, terms, { scope: params.scope, resources })),
      actor: actorOf(exchange, terms.impersonation),
      // Who alone may act by the subject token may alone do so by what comes of it.
      mayAct: subject.mayAct && { sub: subject.mayAct.sub },
      expiresAt: Math.min(subject.expiresAt, exchange.actor?.expiresAt ?? Infinity),
      familyTag: subject.familyTag,
      issuedTokenType: TokenTypeIdentifiers.accessToken,
    };
  }

  /** RFC 8693 §2.1: actor_token and actor_token_type come together. */
  private async actor(token: string, type: string | undefined, client: Client, call: GrantCall) {
    if (type === undefined) throw new OAuthError('invalid_request', "Parameter 'actor_token_type' is missing.");
    return this.read('actor', token, type, client, call);
  }

  private async read(role: Role, token: string, type: string, client: Client, call: GrantCall) {
    const { types } = this.tokens;
    if (!types.includes(type)) {
      throw new OAuthError('invalid_request', `${role}_token_type '${type}' is not one of ${types.join(', ')}.`);
    }
    const found = await this.tokens.read(token, type, client);
    // RFC 8693 §2.2.2: a token that is not accepted makes the request invalid, not the grant.
    if (!found) throw new OAuthError('invalid_request', `${role}_token is not a ${type} in force.`);
    checkPossession(role, found.confirmation, call.confirmation);
    return found;
  }

  private async checkSubject(client: Client, subject: ExchangeableToken): Promise<void> {
    const { person, clientId } = subject;
    if (!person && clientId !== client.clientId) {
      throw new OAuthError('invalid_request', 'subject_token is about another client, which acts for itself alone.');
    }
    await this.checkPerson('subject', client, subject);
  }

  /** Nobody acts, or is acted for, who may not be here. */
  private async checkPerson(role: Role, client: Client, token: ExchangeableToken | undefined): Promise<void> {
    const objection = token?.person && (await this.people.objection(client, token.person));
    if (objection !== undefined) throw new OAuthError('invalid_request', `${role}_token: ${objection}`);
  }
}

type Role = 'subject' | 'actor';

function checkTypes({ requestedTokenType: requested, actorToken, actorTokenType }: TokenExchangeParams): void {
  if (requested !== undefined && requested !== TokenTypeIdentifiers.accessToken) {
    const description = `requested_token_type '${requested}' is not issued, only ${TokenTypeIdentifiers.accessToken} is.`;
    throw new OAuthError('invalid_request', description);
  }
  if (actorToken === undefined && actorTokenType !== undefined) {
    throw new OAuthError('invalid_request', "Parameter 'actor_token_type' is there, and 'actor_token' is not.");
  }
}

/** A token that is bound to a key is good for nobody but who proves to hold it, also here (RFC 9449 §7, RFC 8705 §3). */
function checkPossession(role: Role, bound: Confirmation | undefined, proven: Confirmation | undefined): void {
  const kinds = Object.keys(bound ?? {}) as (keyof Confirmation)[];
  if (kinds.every((kind) => bound?.[kind] === proven?.[kind])) return;
  throw new OAuthError('invalid_request', `${role}_token is bound to a key: the request must prove to hold the same.`);
}
