import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Client, TokenExchangeRules } from '@tessera/resource-model';
import type { ExchangeableToken } from './exchangeable-tokens.js';
import { type ExchangeTerms, type TokenExchange, TokenExchangePolicy } from './token-exchange.policy.js';

/** Goes by what the client's `tokenExchange` allows. */
@Injectable()
export class ClientRulesPolicy extends TokenExchangePolicy {
  async terms({ client, subject, actor }: TokenExchange): Promise<ExchangeTerms> {
    const rules = client.tokenExchange;
    if (!rules) throw new OAuthError('unauthorized_client', 'The client may exchange no tokens.');
    if (!isOpenTo(client, subject, rules.subjectTokenClients) || !isMeantFor(subject, client, rules)) {
      throw new OAuthError('invalid_request', 'subject_token is not one that the client may exchange.');
    }
    if (actor && !isOpenTo(client, actor, rules.actorTokenClients)) {
      throw new OAuthError('invalid_request', 'actor_token is not one that the client may name as actor.');
    }
    return { scopes: scopesFor(subject, rules), audiences: rules.audiences, impersonation: rules.impersonation };
  }
}

/** The client's own tokens, and those of the listed clients; the JWTs of another server are open to whom that server is trusted for. */
function isOpenTo({ clientId }: Client, token: ExchangeableToken, listed: readonly string[]): boolean {
  if (token.clientId === undefined) return token.issuer !== undefined;
  return token.clientId === clientId || listed.includes(token.clientId);
}

/** A token that was sent to somebody else is not the client's to exchange. What is for no API, an id_token, was sent nowhere. */
function isMeantFor(token: ExchangeableToken, { clientId }: Client, { subjectTokenAudiences }: TokenExchangeRules) {
  if (token.clientId === clientId || !token.audiences || !subjectTokenAudiences) return true;
  return token.audiences.some((audience) => subjectTokenAudiences.includes(audience));
}

/** Never more than the token has, or what one of its scopes may be exchanged for. */
function scopesFor({ scopes }: ExchangeableToken, rules: TokenExchangeRules): readonly string[] {
  const others = scopes.flatMap((scope) => (Object.hasOwn(rules.scopes, scope) ? rules.scopes[scope]! : []));
  return [...new Set([...scopes, ...others])];
}
