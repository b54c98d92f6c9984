import { Injectable } from '@nestjs/common';
import { ProfileService } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import { IdentityTokenHints } from '../../authorize/identity-token-hints.js';
import { QuestionPace } from '../../interaction/question-pace.js';
import { RequestDeniedError } from '../../http/request-denied.error.js';
import type { BackchannelAuthenticationParams } from './backchannel-authentication-params.js';
import { LoginHints } from './login-hints.js';

/** Finds out who is to be asked, and whether that person may be asked once more. */
@Injectable()
export class AskedPeople {
  constructor(
    private readonly hints: LoginHints,
    private readonly identityTokens: IdentityTokenHints,
    private readonly profiles: ProfileService,
    private readonly pace: QuestionPace,
  ) {}

  /** The subject. @throws OAuthError `invalid_request`, `unknown_user_id`, `expired_login_hint_token`, `access_denied`; TooManyAttemptsError */
  async find(params: BackchannelAuthenticationParams, client: Client): Promise<string> {
    const { loginHint, loginHintToken, idTokenHint } = params;
    // CIBA Core §7.1: there must be one hint, and no second one that could mean somebody else.
    if ([loginHint, loginHintToken, idTokenHint].filter((hint) => hint !== undefined).length !== 1) {
      throw new OAuthError('invalid_request', 'Send exactly one of login_hint, login_hint_token and id_token_hint.');
    }
    const subject = await this.meant(params, client);
    if (subject === undefined) throw new OAuthError('unknown_user_id', 'The hint means nobody who is known here.');
    // As it is when tokens are issued: whoever could get none is not asked either.
    if (!(await this.profiles.isActive(subject, client))) {
      throw new RequestDeniedError('The person may not use this client.');
    }
    await this.pace.ask(subject, client.clientId);
    return subject;
  }

  private async meant(
    { loginHint, loginHintToken, idTokenHint }: BackchannelAuthenticationParams,
    client: Client,
  ): Promise<string | undefined> {
    if (loginHint !== undefined) return this.hints.named(loginHint, client);
    if (loginHintToken !== undefined) return this.hints.toldByToken(loginHintToken, client);
    return this.holderOf(idTokenHint!, client);
  }

  /** It was issued to the client that sends it, however long ago. */
  private async holderOf(idTokenHint: string, client: Client): Promise<string> {
    const hint = await this.identityTokens.read(idTokenHint);
    if (hint?.clientId === client.clientId) return hint.subject;
    throw new OAuthError('invalid_request', 'id_token_hint must be an id_token that this server issued to the client.');
  }
}
