import { Inject, Injectable } from '@nestjs/common';
import { Clock, type HttpRequest, TOKEN_SERVER_OPTIONS, type TokenServerOptions } from '@tessera/token-server';
import * as client from 'openid-client';

/** This server as a client of another OpenID provider. */
export abstract class CorporateSettings {
  abstract readonly issuer: string;
  abstract readonly clientId: string;
  abstract readonly clientSecret: string;
  /** For a provider whose certificate is of an authority of your own. */
  readonly fetch?: client.CustomFetch;
}

/** Somebody who is away at the provider. */
interface Begun {
  readonly interaction: string;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedNonce: string;
    readonly expectedState: string;
  };
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Sends people to the provider of their company. Kept in memory: where several servers run, this goes into what they share. */
@Injectable()
export class CorporateProvider {
  private readonly begun = new Map<string, Begun>();
  private readonly redirectUri: string;
  private configuration?: Promise<client.Configuration>;

  constructor(
    private readonly settings: CorporateSettings,
    @Inject(TOKEN_SERVER_OPTIONS) { issuer }: TokenServerOptions,
    private readonly clock: Clock,
  ) {
    this.redirectUri = `${issuer}/corporate/callback`;
  }

  async begin(interaction: string): Promise<string> {
    const [pkceCodeVerifier, expectedNonce] = [client.randomPKCECodeVerifier(), client.randomNonce()];
    const expectedState = client.randomState();
    const checks = { pkceCodeVerifier, expectedNonce, expectedState };
    const url = client.buildAuthorizationUrl(await this.discovered(), {
      redirect_uri: this.redirectUri,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      nonce: expectedNonce,
      state: expectedState,
    });
    this.forgetOld();
    this.begun.set(expectedState, { interaction, checks, expiresAt: this.clock.now() + 900 });
    return url.href;
  }

  /** What this answer belongs to, once. */
  take({ query }: HttpRequest): Begun | undefined {
    const { state } = query as { readonly state?: unknown };
    const found = typeof state === 'string' ? this.begun.get(state) : undefined;
    if (found) this.begun.delete(found.checks.expectedState);
    return found && found.expiresAt > this.clock.now() ? found : undefined;
  }

  /** Who it is. @throws AuthorizationResponseError where the provider says no */
  async finish({ url }: HttpRequest, { checks }: Begun): Promise<{ subject: string; methods: string[] }> {
    const callback = new URL(this.redirectUri);
    callback.search = new URL(url, this.redirectUri).search;
    const tokens = await client.authorizationCodeGrant(await this.discovered(), callback, {
      ...checks,
      idTokenExpected: true,
    });
    const { sub, amr } = tokens.claims()!;
    // The company numbers its people as we do. Otherwise: a table from the provider's `sub` to yours, and never an e-mail address that nobody verified.
    return { subject: sub, methods: Array.isArray(amr) ? amr.map(String) : [] };
  }

  /** At the first sign-in: the provider need not be there when this server starts. */
  private discovered(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret, fetch } = this.settings;
    const options = fetch && { [client.customFetch]: fetch };
    this.configuration ??= client
      .discovery(new URL(issuer), clientId, clientSecret, undefined, options)
      .catch((error) => {
        this.configuration = undefined;
        throw error;
      });
    return this.configuration;
  }

  private forgetOld(): void {
    const now = this.clock.now();
    for (const [state, { expiresAt }] of this.begun) if (expiresAt <= now) this.begun.delete(state);
  }
}
