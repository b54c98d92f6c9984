import * as oauth from 'oauth4webapi';

/** What a relying party brings along; everything left out is that of a web application with a secret. */
interface RelyingParty {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Default: the secret of the specs, by Basic. */
  readonly authentication?: oauth.ClientAuth;
  /** Default: `openid profile`. */
  readonly scope?: string;
}

/** One authorization code flow with PKCE as oauth4webapi has it: each call is one step of the client. */
export class CodeFlow {
  readonly client: oauth.Client;
  readonly state = oauth.generateRandomState();
  readonly nonce = oauth.generateRandomNonce();
  private readonly verifier = oauth.generateRandomCodeVerifier();

  constructor(
    private readonly as: oauth.AuthorizationServer,
    private readonly fetch: typeof globalThis.fetch,
    private readonly party: RelyingParty,
  ) {
    this.client = { client_id: party.clientId };
  }

  /** Where the person is sent. */
  async url(more: Readonly<Record<string, string>> = {}): Promise<URL> {
    const url = new URL(this.as.authorization_endpoint!);
    url.search = new URLSearchParams({
      client_id: this.party.clientId,
      redirect_uri: this.party.redirectUri,
      response_type: 'code',
      scope: this.party.scope ?? 'openid profile',
      code_challenge: await oauth.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
      state: this.state,
      nonce: this.nonce,
      ...more,
    }).toString();
    return url;
  }

  /** What came back, once `iss` and `state` are right. @throws AuthorizationResponseError where it is an error */
  callback(back: URL | URLSearchParams): URLSearchParams {
    return oauth.validateAuthResponse(this.as, this.client, back, this.state);
  }

  /** The tokens for the code, the id_token verified. */
  async redeem(callback: URLSearchParams, redirectUri = this.party.redirectUri): Promise<oauth.TokenEndpointResponse> {
    const { as, client, verifier } = this;
    const options = { [oauth.customFetch]: this.fetch };
    const authentication = this.party.authentication ?? oauth.ClientSecretBasic('secret');
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      callback,
      redirectUri,
      verifier,
      options,
    );
    const checks = { expectedNonce: this.nonce, maxAge: 300, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, checks);
    await oauth.validateApplicationLevelSignature(as, response, options);
    return tokens;
  }
}
