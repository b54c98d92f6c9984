import { Inject, Injectable, Optional } from '@nestjs/common';
import { RequestedScopes } from '@tessera/grant-types';
import { checkNames, declaredOf, decodeParameters } from '../http/decode.js';
import { InteractionPages } from '../interaction/interaction-pages.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { authorizeChecks } from './authorize-checks.js';
import { AuthorizeParams } from './authorize-params.js';
import type { AuthorizeRequest, AuthorizeTarget } from './authorize-request.js';
import { IdentityTokenHints } from './identity-token-hints.js';
import type { ResolvedRequest } from './request-sources.js';

/**
 * Every member of a request, found or not. An object that has them all from the start keeps its shape; one that grows by each
 * check becomes a hash table, which takes longer than all the checks.
 */
const nothingFound: Readonly<Record<keyof AuthorizeRequest, undefined>> = {
  client: undefined,
  redirectUri: undefined,
  kept: undefined,
  responseType: undefined,
  responseMode: undefined,
  state: undefined,
  scopes: undefined,
  resources: undefined,
  details: undefined,
  challenge: undefined,
  dpopJkt: undefined,
  nonce: undefined,
  prompts: undefined,
  maxAge: undefined,
  display: undefined,
  uiLocales: undefined,
  loginHint: undefined,
  contextClasses: undefined,
  mustReachContextClass: undefined,
  requestedClaims: undefined,
  subjects: undefined,
};

/** Holds what counts of a request against one check after the other. */
@Injectable()
export class AuthorizeChecklist {
  constructor(
    private readonly scopes: RequestedScopes,
    private readonly hints: IdentityTokenHints,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  /** @throws OAuthError */
  async read({ form, pushedRequest }: ResolvedRequest, target: AuthorizeTarget): Promise<AuthorizeRequest> {
    checkNames(form);
    const params = decodeParameters(AuthorizeParams, form);
    const kept = { parameters: declaredOf(AuthorizeParams, form), pushedRequest };
    const found: Partial<AuthorizeRequest> = { ...nothingFound, ...target, state: params.state, kept };
    const context = {
      params,
      client: target.client,
      found,
      scopes: this.scopes,
      hints: this.hints,
      levels: this.options.authenticationLevels,
      canCreateAccounts: this.pages?.paths.createAccount !== undefined,
    };
    for (const { read } of authorizeChecks) Object.assign(found, await read(context));
    return found as AuthorizeRequest;
  }
}
