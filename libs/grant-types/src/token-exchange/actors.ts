import { OAuthError } from '@tessera/protocol';
import type { Actor } from '../authorization.js';
import type { ExchangeableToken } from './exchangeable-tokens.js';
import type { TokenExchange } from './token-exchange.policy.js';

/** So many may act one for another: more is no delegation but a loop. */
const longestChain = 5;

/**
 * Who acts by the new token, and for whom (RFC 8693 §4.1). Who acted for the person by the subject token stays named in any case: an exchange never
 * takes anybody out of the chain.
 * @throws OAuthError `invalid_request`
 */
export function actorOf({ client, subject, actor }: TokenExchange, impersonation: boolean): Actor | undefined {
  const acting: Actor = actor ? partyOf(actor) : { sub: client.clientId };
  // RFC 8693 §4.4: where the subject token names who may act, nobody else may, by delegation or by impersonation.
  if (subject.mayAct && subject.mayAct.sub !== acting.sub) {
    throw new OAuthError('invalid_request', 'subject_token names another party that may act (may_act).');
  }
  // Who has its own token narrowed is no new party: the token goes on saying whose it is.
  const isNoneNew = !actor && (impersonation || subject.clientId === client.clientId);
  const chain = isNoneNew ? subject.actor : { ...acting, actor: subject.actor };
  if (lengthOf(chain) > longestChain) {
    throw new OAuthError('invalid_request', `subject_token: at most ${longestChain} parties may act one for another.`);
  }
  return chain;
}

/** Who has the right from others to act for somebody cannot pass for that somebody. */
function partyOf({ person, clientId, actor }: ExchangeableToken): Actor {
  if (actor) throw new OAuthError('invalid_request', 'actor_token is used by another party than it is about (act).');
  return person ? { sub: person.subject, isPerson: true } : { sub: clientId! };
}

function lengthOf(chain: Actor | undefined): number {
  let length = 0;
  for (let current = chain; current; current = current.actor) length++;
  return length;
}
