import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { JWK } from 'jose';
import type { Members } from './compact-token.js';
import type { EncryptOptions } from './encrypted-token.js';
import { IssuedTokens } from './issued-tokens.js';
import {
  describeIssuer,
  endpointAt,
  readClientForm,
  sendJson,
  type ClientForm,
  type IssuerEndpoint,
} from './issuer-endpoints.js';
import { IssuerFaults } from './issuer-faults.js';
import { LoopbackServer } from './loopback-server.js';
import { TestIssuer, type TestIssuerOptions } from './test-issuer.js';
import type { MintOptions, TokenClaims } from './token-mint.js';
import type { TestTrust } from './trusting-options.js';

export interface FakeIssuerOptions extends Omit<TestIssuerOptions, 'issuer'> {
  /** Default: a free one. */
  port?: number;
}

type FormEndpoint = (sent: ClientForm, response: ServerResponse) => void;

/**
 * A real issuer on 127.0.0.1: metadata (RFC 8414 and OpenID), keys, a token endpoint that gives any client a token
 * (`client_credentials`), introspection and revocation. It makes tokens as TestIssuer does, changes its keys, and fails as it is told to.
 */
export class FakeIssuer extends TestIssuer {
  /** Members of the metadata beside the usual ones, or in their place; undefined takes one out. */
  metadata: Members = {};
  /** The `Cache-Control` of metadata and keys. */
  cacheControl: string | undefined;
  /** Every path that was asked for, in order. */
  readonly requests: string[] = [];
  private readonly issued = new IssuedTokens();
  private readonly faults = new IssuerFaults();
  private readonly formEndpoints: Readonly<Record<Exclude<IssuerEndpoint, 'metadata' | 'jwks'>, FormEndpoint>> = {
    token: (sent, response) => this.giveToken(sent, response),
    introspection: ({ form }, response) => sendJson(response, this.issued.describe(form.get('token') ?? '', this.now)),
    revocation: ({ form }, response) => {
      this.revoke(form.get('token') ?? '');
      response.writeHead(200).end();
    },
  };

  private constructor(
    private readonly server: LoopbackServer,
    options: FakeIssuerOptions,
  ) {
    super({ ...options, issuer: server.url });
  }

  /** Listens. End it with `close()`. */
  static async start({ port = 0, ...options }: FakeIssuerOptions = {}): Promise<FakeIssuer> {
    // Nobody knows the port before the issuer stands, so the first request finds it.
    const server = await LoopbackServer.listen((request, response) => issuer.answer(request, response), port);
    const issuer = new FakeIssuer(server, options);
    return issuer;
  }

  /** Where it listens; also its name, letter for letter. */
  get url(): string {
    return this.server.url;
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  /** An opaque token, about which the issuer must be asked (RFC 7662). */
  referenceToken(claims?: TokenClaims, options?: MintOptions): string {
    const token = randomBytes(32).toString('base64url');
    this.issued.add(token, this.claims(claims, options));
    return token;
  }

  /** Known at introspection as the token inside is. */
  override async encrypt(token: string, to: JWK, options?: EncryptOptions): Promise<string> {
    const encrypted = await super.encrypt(token, to, options);
    this.issued.addForm(encrypted, token);
    return encrypted;
  }

  /** Introspection calls the token inactive from now on. A JWT that an API checks by itself works on. */
  revoke(token: string): void {
    this.issued.revoke(token);
  }

  /** A new key signs from now on; those before it stay published. Returns its `kid`. */
  rotateKey(algorithm?: SigningAlgorithm): string {
    return this.keys.add(algorithm).kid;
  }

  /** The key is published no longer. Tokens can still be signed with it, to see them refused. */
  removeKey(kid: string): void {
    this.keys.remove(kid);
  }

  /** Connections are refused, and those that are open break off. */
  async goAway(): Promise<void> {
    await this.server.close();
  }

  /** Listens again, at the same port. */
  async comeBack(): Promise<void> {
    await this.server.open();
  }

  /** Answers with this status. `at`: one endpoint alone. */
  failWith(status: number, at: IssuerEndpoint | 'all' = 'all'): void {
    this.faults.failWith(status, at);
  }

  /** Answers late. Seconds, of real time. */
  delay(seconds: number, at: IssuerEndpoint | 'all' = 'all'): void {
    this.faults.delay(seconds, at);
  }

  /** Begins an answer and never ends it. */
  hang(at: IssuerEndpoint | 'all' = 'all'): void {
    this.faults.hang(at);
  }

  /** Answers 200 with what is no JSON. */
  garble(at: IssuerEndpoint | 'all' = 'all'): void {
    this.faults.garble(at);
  }

  /** Does everything right again. An issuer that went away must `comeBack()` beside. */
  recover(): void {
    this.faults.clear();
  }

  /** How often it was asked. */
  requestsTo(endpoint: IssuerEndpoint): number {
    return this.requests.filter((path) => endpointAt(path) === endpoint).length;
  }

  forgetRequests(): void {
    this.requests.length = 0;
  }

  protected override minted(token: string, claims: Members): void {
    this.issued.add(token, claims);
  }

  /** Keys are fetched, and reference tokens asked about. */
  protected override trust(): Omit<TestTrust, 'audience'> {
    const { issuer, clock } = this;
    return { issuer, clock };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0]!;
    this.requests.push(path);
    const endpoint = endpointAt(path);
    if (endpoint === undefined) return void response.writeHead(404).end();
    if (!(await this.faults.pass(endpoint, response))) return;
    const headers: Record<string, string> =
      this.cacheControl === undefined ? {} : { 'cache-control': this.cacheControl };
    if (endpoint === 'metadata') sendJson(response, this.describe(), { headers });
    else if (endpoint === 'jwks') sendJson(response, this.jwks(), { headers });
    else await this.answerForm(request, response, this.formEndpoints[endpoint]);
  }

  private async answerForm(request: IncomingMessage, response: ServerResponse, answer: FormEndpoint): Promise<void> {
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    const sent = await readClientForm(request);
    if (sent) return answer(sent, response);
    sendJson(
      response,
      { error: 'invalid_client' },
      { status: 401, headers: { 'www-authenticate': 'Basic realm="test"' } },
    );
  }

  /** RFC 6749 §4.4. */
  private giveToken({ form, clientId }: ClientForm, response: ServerResponse): void {
    if (form.get('grant_type') !== 'client_credentials') {
      return sendJson(response, { error: 'unsupported_grant_type' }, { status: 400 });
    }
    const scope = form.get('scope') ?? undefined;
    const token = this.token({ sub: clientId, client_id: clientId, scope });
    const body = { access_token: token, token_type: 'Bearer', expires_in: 3_600, scope };
    sendJson(response, body, { headers: { 'cache-control': 'no-store' } });
  }

  private describe(): Members {
    const algorithms = new Set(this.keys.all.map(({ algorithm }) => algorithm));
    return { ...describeIssuer(this.issuer, [...algorithms]), ...this.metadata };
  }
}
