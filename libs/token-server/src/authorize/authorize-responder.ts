import { Inject, Injectable } from '@nestjs/common';
import type { Authorization } from '@tessera/grant-types';
import { Scopes } from '@tessera/protocol';
import { AuthorizationCodeStore, Clock, createHandle, hashHandle, type Session } from '@tessera/resource-model';
import { sessionState } from '../sessions/browser-state.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { BrowserTokenIssuer } from '../tokens/browser-token.issuer.js';
import type { AuthorizeRequest, ResponseMode } from './authorize-request.js';

/** An answer for the client, not yet in the form in which it travels. */
export interface AuthorizeResponse {
  readonly redirectUri: string;
  readonly responseMode: ResponseMode;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Answers a request to which nothing is missing: one artefact for each part of `response_type`. */
@Injectable()
export class AuthorizeResponder {
  constructor(
    private readonly codes: AuthorizationCodeStore,
    private readonly tokens: BrowserTokenIssuer,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** `scopes`: those of the request that the person agreed to. */
  async respond(request: AuthorizeRequest, session: Session, scopes: readonly string[]): Promise<AuthorizeResponse> {
    const { client, responseType, redirectUri, responseMode, state } = request;
    const authorization: Authorization = {
      client,
      person: { subject: session.subject, authentication: { ...session.authentication, sessionId: session.id } },
      scopes,
      resources: request.resources,
      nonce: request.nonce,
      requestedClaims: request.requestedClaims,
      familyId: createHandle(),
    };
    const code = responseType.code ? await this.code(request, authorization) : undefined;
    const tokens = responseType.token || responseType.idToken
      ? await this.tokens.issue(authorization, { ...responseType, code, state })
      : {}; // prettier-ignore
    return {
      redirectUri,
      responseMode,
      parameters: present({
        code,
        ...tokens,
        state,
        // RFC 9207 §2: which server answers, so that answers of two cannot be mixed up.
        iss: this.options.issuer,
        session_state: this.sessionState(authorization, redirectUri),
      }),
    };
  }

  private async code(request: AuthorizeRequest, authorization: Authorization): Promise<string> {
    const { client, person, scopes, resources, nonce, requestedClaims, familyId } = authorization;
    const handle = createHandle();
    await this.codes.add({
      handleHash: hashHandle(handle),
      clientId: client.clientId,
      subject: person!.subject,
      authentication: person!.authentication,
      scopes,
      resources,
      redirectUri: request.redirectUri,
      challenge: request.challenge,
      nonce,
      requestedClaims,
      familyId: familyId!,
      expiresAt: this.clock.now() + client.authorizationCodeLifetime,
      redeemed: false,
    });
    return handle;
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
