import type { Client } from '@tessera/resource-model';
import type { OpenAccess } from '../access-derivation.js';
import type { ExchangeableToken } from './exchangeable-tokens.js';

/** Who wants to exchange what. */
export interface TokenExchange {
  readonly client: Client;
  readonly subject: ExchangeableToken;
  /** Who is to act, where that is not the client itself. */
  readonly actor?: ExchangeableToken;
}

/** What an exchange may come to. Scopes count only as far as the client may have them at all. */
export interface ExchangeTerms extends Required<OpenAccess> {
  /** Whether the new token may say nothing of the client, where no actor token names another actor (RFC 8693 §1.1). */
  readonly impersonation: boolean;
}

/**
 * Decides who may exchange what. An application that wants to decide in code provides its own; what holds for every exchange is checked beside it:
 * who `may_act`, the key that a token is bound to, the end of the subject token.
 */
export abstract class TokenExchangePolicy {
  /** @throws OAuthError `invalid_request` for tokens that the client may not exchange (RFC 8693 §2.2.2), `unauthorized_client` for one that may exchange nothing */
  abstract terms(exchange: TokenExchange): Promise<ExchangeTerms>;
}
