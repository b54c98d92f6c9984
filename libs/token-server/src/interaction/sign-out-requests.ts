import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import { type Client, ClientStore, type Interaction, suggestion } from '@tessera/resource-model';
import { type IdentityTokenHint, IdentityTokenHints } from '../authorize/identity-token-hints.js';
import { checkNames, declaredOf, decodeParameters, type Form } from '../http/decode.js';
import { withQuery } from '../http/with-query.js';
import { EndSessionParams } from './end-session-params.js';

/** A wish to be signed out, checked. */
export interface SignOutRequest {
  /** The client that asks for it, if one does. */
  readonly client?: Client;
  readonly hint?: IdentityTokenHint;
  /** Registered, and with `state`. */
  readonly returnUrl?: string;
  readonly uiLocales: readonly string[];
  /** As it came, to be checked again. */
  readonly parameters: Interaction['parameters'];
}

/** A person signs out without any client asking for it. */
export const plainWish: SignOutRequest = { uiLocales: [], parameters: {} };

/** Reads logout requests, fresh ones and those that waited for the person, by the same rules (OpenID Connect RP-Initiated Logout 1.0 §2). */
@Injectable()
export class SignOutRequests {
  constructor(
    private readonly clients: ClientStore,
    private readonly hints: IdentityTokenHints,
  ) {}

  /** @throws OAuthError `invalid_request`, for our own error page: with an error nobody is sent to a client (§4) */
  async read(form: Form): Promise<SignOutRequest> {
    const params = decodeParameters(EndSessionParams, checkNames(form));
    const hint = await this.hintOf(params);
    const client = await this.clientOf(params, hint);
    return {
      client,
      hint,
      returnUrl: returnUrlOf(params, client),
      uiLocales: params.uiLocales?.split(' ').filter((locale) => locale !== '') ?? [],
      parameters: declaredOf(EndSessionParams, form),
    };
  }

  /** The request that waited. The person can sign out even where the client has changed meanwhile, but is not sent anywhere then. */
  async readAgain({ parameters }: Interaction): Promise<SignOutRequest> {
    try {
      return await this.read(parameters);
    } catch (error) {
      if (error instanceof OAuthError) return plainWish;
      throw error;
    }
  }

  /** An id_token that has expired is as good as any (§2); one that is not ours proves nothing, and somebody is wrong. */
  private async hintOf({ idTokenHint }: EndSessionParams): Promise<IdentityTokenHint | undefined> {
    if (idTokenHint === undefined) return undefined;
    const hint = await this.hints.read(idTokenHint);
    if (!hint) throw new OAuthError('invalid_request', "'id_token_hint' is not an id_token of this server.");
    return hint;
  }

  private async clientOf({ clientId }: EndSessionParams, hint?: IdentityTokenHint): Promise<Client | undefined> {
    // §2: both must mean the same client.
    if (clientId !== undefined && hint && clientId !== hint.clientId) {
      throw new OAuthError('invalid_request', `client_id '${clientId}' is not the client of 'id_token_hint'.`);
    }
    const id = clientId ?? hint?.clientId;
    if (id === undefined) return undefined;
    const client = await this.clients.find(id);
    if (!client?.enabled) throw new OAuthError('invalid_request', `client_id '${id}' is not known here.`);
    return client;
  }
}

/** §3: only where the client has registered exactly this. */
function returnUrlOf({ postLogoutRedirectUri: uri, state }: EndSessionParams, client?: Client): string | undefined {
  if (uri === undefined) return undefined;
  if (!client) {
    const description = "'post_logout_redirect_uri' needs 'id_token_hint' or 'client_id', which say whose it is.";
    throw new OAuthError('invalid_request', description);
  }
  if (!client.postLogoutRedirectUris.includes(uri)) {
    const near = suggestion(uri, client.postLogoutRedirectUris);
    const problem = `post_logout_redirect_uri '${uri}' is not registered for client '${client.clientId}'${near}. It is compared character by character.`;
    throw new OAuthError('invalid_request', problem);
  }
  return withQuery(uri, { state });
}
