import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { bodyOf, listen } from './local-server.spec.fixture.js';

type Parameters = Record<string, string>;

interface IssuedCode {
  readonly request: Parameters;
  isUsed: boolean;
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A small issuer that believes every browser to be alice's, checks what it is sent, and can be told to misbehave. */
export class FakeIssuer {
  static readonly client = { id: 'web_client', secret: 's3cret-of-the-client' };
  url = '';
  /** Whom it signs in, and what it says about the person. */
  person: JWTPayload = { sub: 'alice-1', sid: 'session-1', auth_time: 1_893_456_000 };
  userinfo: Record<string, unknown> = { name: 'Alice Smith', website: 'https://alice.example' };
  /** Seconds. */
  tokenLifetime = 3600;
  /** Changes what goes back to the client, and what stands in an id_token. */
  alterAnswer: (answer: Parameters) => Parameters = (answer) => answer;
  alterIdToken: (claims: JWTPayload) => JWTPayload = (claims) => claims;
  /** Signs id_tokens; another than its own makes a forgery. */
  signingKey: KeyObject;
  metadata: Record<string, unknown> = {};
  /** The token endpoint gives no answer before this has settled. */
  beforeTokens: Promise<unknown> = Promise.resolve();
  /** 0: as usual; else the status that every endpoint answers with. */
  outage = 0;
  /** What came in: the path and the parameters of each request. */
  readonly requests: { readonly path: string; readonly parameters: Parameters }[] = [];
  /** All that must never be seen anywhere: codes, tokens, verifiers. */
  readonly secrets = new Set<string>([FakeIssuer.client.secret]);
  readonly strangersKey = newKeys().privateKey;
  private readonly keys = newKeys();
  private readonly codes = new Map<string, IssuedCode>();
  private refreshTokens = new Set<string>();

  private constructor() {
    this.signingKey = this.keys.privateKey;
  }

  static async start(): Promise<FakeIssuer> {
    const issuer = new FakeIssuer();
    issuer.url = await listen((request, response) => void issuer.answer(request, response));
    return issuer;
  }

  /** The parameters of the requests to a path. */
  requestsTo(path: string): Parameters[] {
    return this.requests.filter((request) => request.path === path).map(({ parameters }) => parameters);
  }

  revokeRefreshTokens(): void {
    this.refreshTokens.clear();
  }

  sign(
    claims: JWTPayload,
    header: Partial<JWTHeaderParameters> = {},
    key: KeyObject = this.signingKey,
  ): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const parameters = Object.fromEntries(new URLSearchParams(url.search || (await bodyOf(request))));
    this.requests.push({ path: url.pathname, parameters });
    const routes: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => this.discovery(),
      '/jwks': () => ({
        keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }],
      }),
      '/authorize': () => this.authorize(parameters),
      '/token': async () => {
        const answer = await this.token(request, parameters);
        await this.beforeTokens;
        return answer;
      },
      '/userinfo': () => ({ sub: this.person.sub, ...this.userinfo }),
      '/end-session': () => this.endSession(parameters),
      '/revoke': () => void this.refreshTokens.delete(parameters.token ?? ''),
    };
    const body = this.outage ? { status: this.outage } : await routes[url.pathname]?.();
    if (body instanceof URL) return void response.writeHead(303, { location: body.href }).end();
    const { status = 200, ...json } = (body ?? {}) as { status?: number };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  }

  private discovery(): Record<string, unknown> {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      userinfo_endpoint: `${this.url}/userinfo`,
      jwks_uri: `${this.url}/jwks`,
      end_session_endpoint: `${this.url}/end-session`,
      revocation_endpoint: `${this.url}/revoke`,
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      ...this.metadata,
    };
  }

  private authorize(request: Parameters): URL {
    const code = this.secret('code');
    this.codes.set(code, { request, isUsed: false });
    const answer = this.alterAnswer({ code, state: request.state!, iss: this.url });
    return new URL(`${request.redirect_uri}?${new URLSearchParams(answer).toString()}`);
  }

  private token({ headers }: IncomingMessage, parameters: Parameters): unknown {
    const [, basic = ''] = headers.authorization?.split('Basic ') ?? [];
    const [id, secret] = Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
    if (id !== FakeIssuer.client.id || secret !== FakeIssuer.client.secret) {
      return { status: 401, error: 'invalid_client' };
    }
    if (parameters.grant_type === 'refresh_token') return this.refresh(parameters);
    const code = this.codes.get(parameters.code ?? '');
    const verifier = parameters.code_verifier ?? '';
    this.secrets.add(verifier);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits = code?.request.redirect_uri === parameters.redirect_uri && code?.request.code_challenge === challenge;
    if (!code || !fits || code.isUsed) return { status: 400, error: 'invalid_grant' };
    code.isUsed = true;
    return this.tokens(code.request.nonce);
  }

  private refresh({ refresh_token = '' }: Parameters): unknown {
    if (!this.refreshTokens.delete(refresh_token)) return { status: 400, error: 'invalid_grant' };
    return this.tokens(undefined);
  }

  private async tokens(nonce: string | undefined): Promise<Record<string, unknown>> {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: this.url, aud: FakeIssuer.client.id, iat: now, exp: now + 300, ...(nonce && { nonce }) };
    const idToken = await this.sign(this.alterIdToken({ ...usual, ...this.person }));
    const refreshToken = this.secret('refresh');
    this.refreshTokens.add(refreshToken);
    this.secrets.add(idToken);
    return {
      access_token: this.secret('access'),
      token_type: 'Bearer',
      expires_in: this.tokenLifetime,
      scope: 'openid profile api1 offline_access',
      id_token: idToken,
      refresh_token: refreshToken,
    };
  }

  private endSession({ post_logout_redirect_uri, state }: Parameters): URL {
    return new URL(`${post_logout_redirect_uri}?${new URLSearchParams({ state: state! }).toString()}`);
  }

  private secret(kind: string): string {
    const value = `${kind}-${randomUUID()}`;
    this.secrets.add(value);
    return value;
  }
}
