import { Inject, Injectable } from '@nestjs/common';
import type { Authorization } from '@tessera/grant-types';
import { OAuthError, Scopes } from '@tessera/protocol';
import { type Authentication, createHandle, type Session } from '@tessera/resource-model';
import { RegisteredClients } from '../clients/dynamic-clients/registered-clients.js';
import { sessionState } from '../sessions/browser-state.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { BrowserTokenIssuer } from '../tokens/browser-token.issuer.js';
import { AuthorizeCodes } from './authorize-codes.js';
import type { AuthorizeRequest, KeptRequest } from './authorize-request.js';
import type { AuthorizeResponse } from './authorize-responses.js';
import { PushedRequests } from './pushed-requests.js';

/** Answers a request to which nothing is missing: one artefact for each part of `response_type`. */
@Injectable()
export class AuthorizeResponder {
  constructor(
    private readonly codes: AuthorizeCodes,
    private readonly tokens: BrowserTokenIssuer,
    private readonly pushed: PushedRequests,
    private readonly registered: RegisteredClients,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** `scopes`: those of the request that the person agreed to. @throws OAuthError `invalid_request_uri` for a pushed one that has its answer */
  async respond(request: AuthorizeRequest, session: Session, scopes: readonly string[]): Promise<AuthorizeResponse> {
    await this.useUp(request.kept);
    const { client, responseType, redirectUri, responseMode, state } = request;
    const authorization: Authorization = {
      client,
      person: { subject: session.subject, authentication: this.authenticationOf(request, session) },
      scopes,
      resources: request.resources,
      details: request.details,
      nonce: request.nonce,
      requestedClaims: request.requestedClaims,
      familyId: createHandle(),
    };
    const code = responseType.code ? await this.codes.issue(request, authorization) : undefined;
    const tokens = responseType.token || responseType.idToken
      ? await this.tokens.issue(authorization, { ...responseType, code, state })
      : {}; // prettier-ignore
    await this.registered.noteUse(client);
    return {
      client,
      redirectUri,
      responseMode,
      parameters: present({
        code,
        ...tokens,
        state,
        session_state: this.sessionState(authorization, redirectUri),
      }),
    };
  }

  /** With the level that the client asked for, where the sign-in reached it: a stronger one may be a word that it does not know. */
  private authenticationOf({ contextClasses }: AuthorizeRequest, { id, authentication }: Session): Authentication {
    const contextClass = this.options.authenticationLevels.nameFor(authentication.methods, contextClasses);
    return { ...authentication, contextClass, sessionId: id };
  }

  /** RFC 9126 §7.3: whoever got hold of the request_uri cannot have it answered once more. */
  private async useUp({ pushedRequest }: KeptRequest): Promise<void> {
    if (pushedRequest === undefined || (await this.pushed.use(pushedRequest))) return;
    throw new OAuthError('invalid_request_uri', 'The pushed request has been answered already.');
  }

  /** For pages that watch the session in a frame (OpenID Connect Session Management §2); an application without an origin has none. */
  private sessionState({ client, person, scopes }: Authorization, redirectUri: string): string | undefined {
    if (!this.options.endpoints.checkSession || !scopes.includes(Scopes.openid)) return undefined;
    if (!redirectUri.startsWith('http')) return undefined;
    return sessionState(client.clientId, redirectUri, person!.authentication.sessionId!);
  }
}

function present(parameters: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
