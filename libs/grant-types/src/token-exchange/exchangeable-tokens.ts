import type { Client, Confirmation } from '@tessera/resource-model';
import type { Actor, Person } from '../authorization.js';

/** A token in force that a client may want to exchange, whatever kind it is of. */
export interface ExchangeableToken {
  /** Whom it is about, where that is a person. */
  readonly person?: Person;
  /** The client it was issued to; none where another server issued it. */
  readonly clientId?: string;
  /** The other server that issued it. */
  readonly issuer?: string;
  /** The APIs that it is for; none where it is for no API. */
  readonly audiences?: readonly string[];
  readonly scopes: readonly string[];
  /** Seconds since 1970. */
  readonly expiresAt: number;
  /** What its holder has to prove. */
  readonly confirmation?: Confirmation;
  /** Who acts for the person already. */
  readonly actor?: Actor;
  /** Set where the token says who may act for the person (RFC 8693 §4.4). */
  readonly mayAct?: MayAct;
  /** The tag of the family that it belongs to. */
  readonly familyTag?: string;
}

/** The one party that may act for whom a token is about. */
export interface MayAct {
  /** The subject of a person here, or the id of a client; undefined: nobody who is known here. */
  readonly sub: string | undefined;
}

/** Reads what clients bring to an exchange. The server that issues tokens answers. */
export abstract class ExchangeableTokens {
  /** The kinds that can be read (RFC 8693 §3). */
  abstract readonly types: readonly string[];

  /**
   * The content of a token of one of these kinds. Undefined: it is of another kind, unknown, expired or revoked, or whoever stands behind it is out.
   * @param client who presents it
   * @throws OAuthError `invalid_request` where there is more to say about what is wrong with it
   */
  abstract read(token: string, type: string, client: Client): Promise<ExchangeableToken | undefined>;
}
