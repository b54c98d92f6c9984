import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { LoopbackServer } from './testing/loopback-server.js';

interface IssuerKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/**
 * An issuer on 127.0.0.1 whose every answer and key a test can replace: to see how the guard takes what no FakeIssuer would do.
 */
export class LoopbackIssuer {
  /** Every path that was asked for, in order. */
  readonly requests: string[] = [];
  readonly published = new Map<string, JWK>();
  /** Answers in the place of the usual ones, by path. */
  readonly faults = new Map<string, (response: ServerResponse) => void>();
  /** Headers beside the usual ones, by path. */
  readonly headers = new Map<string, OutgoingHttpHeaders>();
  /** Members that replace those of the metadata. */
  metadata: Record<string, unknown> = {};
  private readonly keys = new Map<string, IssuerKey>();
  private server: LoopbackServer | undefined;

  static async start(alg = 'ES256'): Promise<LoopbackIssuer> {
    const issuer = new LoopbackIssuer();
    await issuer.open();
    await issuer.addKey('first', alg);
    return issuer;
  }

  get url(): string {
    return this.server!.url;
  }

  get metadataFetches(): number {
    return this.requests.filter((path) => path === '/.well-known/openid-configuration').length;
  }

  get jwksFetches(): number {
    return this.requests.filter((path) => path === '/jwks').length;
  }

  /** Listens, after `close()` again on the same port. */
  async open(): Promise<void> {
    if (this.server) return this.server.open();
    this.server = await LoopbackServer.listen(({ url = '' }, response) => this.answer(url, response), 0);
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  async addKey(kid: string, alg = 'ES256'): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
    this.keys.set(kid, { alg, privateKey, jwk });
    this.published.set(kid, jwk);
  }

  /** The key is no longer published; the issuer can still sign with it. */
  removeKey(kid: string): void {
    this.published.delete(kid);
  }

  privateKey(kid = 'first'): CryptoKey {
    return this.keys.get(kid)!.privateKey;
  }

  /** A good token for `api1`, valid for an hour from now, changed by what is given; undefined takes a claim out. */
  async token(
    claims: Record<string, unknown> = {},
    { kid = 'first', header = {} }: { kid?: string; header?: Record<string, unknown> } = {},
  ): Promise<string> {
    const key = this.keys.get(kid)!;
    return new SignJWT({ ...this.goodClaims(), ...claims })
      .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid, ...header })
      .sign(key.privateKey);
  }

  goodClaims(now = Math.floor(Date.now() / 1000)): Record<string, unknown> {
    return {
      iss: this.url,
      aud: 'api1',
      sub: 'alice',
      client_id: 'simple_client',
      scope: 'api1 orders',
      iat: now,
      exp: now + 3600,
      jti: 'one-of-a-kind',
    };
  }

  private answer(path: string, response: ServerResponse): void {
    this.requests.push(path);
    const fault = this.faults.get(path);
    if (fault) return fault(response);
    if (path === '/.well-known/openid-configuration') return this.sendJson(response, this.describe(), path);
    if (path === '/jwks') return this.sendJson(response, { keys: [...this.published.values()] }, path);
    response.writeHead(404).end();
  }

  private describe(): Record<string, unknown> {
    return { issuer: this.url, jwks_uri: `${this.url}/jwks`, ...this.metadata };
  }

  private sendJson(response: ServerResponse, body: unknown, path: string): void {
    const headers = { 'content-type': 'application/json', ...this.headers.get(path) };
    response.writeHead(200, headers).end(JSON.stringify(body));
  }
}
