import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';

/** Finds the person whom a client means (CIBA Core §7.1). An application with hints of its own, telephone numbers for instance, provides its own. */
export abstract class LoginHints {
  /** The subject of the person whom `login_hint` names; undefined: nobody is called so. */
  abstract named(hint: string, client: Client): Promise<string | undefined>;

  /**
   * The subject of the person whom `login_hint_token` is about, a token of which CIBA leaves open what it is and who issues it. Undefined: nobody.
   * @throws OAuthError `expired_login_hint_token`, `invalid_request` where it is none
   */
  async toldByToken(_token: string, _client: Client): Promise<string | undefined> {
    throw new OAuthError('invalid_request', 'login_hint_token is not read here: send login_hint or id_token_hint.');
  }
}
