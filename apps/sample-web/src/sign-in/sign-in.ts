import { Inject, Injectable } from '@nestjs/common';
import * as openid from 'openid-client';
import { Clock } from '../clock.js';
import { ENVIRONMENT, type Environment } from '../environment.js';
import { Issuer, type KnownIssuer } from '../issuer/issuer.js';
import { issuedTokens, type TokenAnswer } from '../issuer/issued-tokens.js';
import type { Person, Tokens } from '../sessions/session.js';
import { InMemorySignInAttemptStore, type SignInAttempt } from './in-memory-sign-in-attempt.store.js';
import type { LoginRequest } from './login-request.js';

/** `offline_access` asks for a refresh token. */
const scope = 'openid profile api1 offline_access';

/** The authorization code flow with PKCE (OpenID Connect Core §3.1, RFC 7636), from its beginning to the tokens. */
@Injectable()
export class SignIn {
  constructor(
    @Inject(ENVIRONMENT) private readonly environment: Environment,
    private readonly issuer: Issuer,
    private readonly attempts: InMemorySignInAttemptStore,
    private readonly clock: Clock,
  ) {}

  /** The address at the issuer to which the browser goes now. */
  async begin(browser: string, request: LoginRequest): Promise<string> {
    const { configuration } = await this.issuer.known();
    const attempt = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
      browser,
      returnTo: request.returnTo.href,
      maxAge: request.maxAge,
    };
    this.attempts.add(attempt);
    const parameters = {
      redirect_uri: this.redirectUri().href,
      scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
      ...(request.prompt !== undefined && { prompt: request.prompt }),
      ...(request.maxAge !== undefined && { max_age: String(request.maxAge) }),
      ...(request.uiLocales !== undefined && { ui_locales: request.uiLocales }),
      ...(request.loginHint !== undefined && { login_hint: request.loginHint }),
    };
    return openid.buildAuthorizationUrl(configuration, parameters).href;
  }

  /** Turns the answer of the issuer into tokens and a person. Rejects with what is wrong about it. */
  async finish(attempt: SignInAttempt, search: string): Promise<{ readonly person: Person; readonly tokens: Tokens }> {
    const known = await this.issuer.known();
    const answerUrl = this.redirectUri();
    answerUrl.search = search;
    // Checks state, `iss` (RFC 9207) and the id_token with its nonce and signature, before and after the code is redeemed.
    const answer = await openid.authorizationCodeGrant(known.configuration, answerUrl, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.codeVerifier,
      idTokenExpected: true,
      // Core §3.1.3.7: whoever asked for a recent sign-in checks that it was one.
      ...(attempt.maxAge !== undefined && { maxAge: attempt.maxAge }),
    });
    const person = await this.meet(known, answer);
    return { person, tokens: issuedTokens(answer, { scope, now: this.clock.now() }) };
  }

  /** What the id_token does not say, userinfo does; the library checks that both are about the same person (Core §5.3.2). */
  private async meet({ configuration, metadata }: KnownIssuer, answer: TokenAnswer): Promise<Person> {
    const claims = answer.claims();
    if (!claims) throw new Error('There is no id_token.');
    const more = metadata.userinfo_endpoint
      ? await openid.fetchUserInfo(configuration, answer.access_token, claims.sub)
      : {};
    const sid = typeof claims.sid === 'string' ? claims.sid : undefined;
    return { subject: claims.sub, sid, claims: { ...more, ...claims } };
  }

  private redirectUri(): URL {
    return new URL('/callback', this.environment.url);
  }
}
