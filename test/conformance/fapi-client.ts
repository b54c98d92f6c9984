import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt, SignJWT } from 'jose';
import {
  assert,
  type AssertionDifference,
  type ClientKey,
} from '../../libs/token-server/src/clients/client-assertion.spec.fixture.js';
import { DpopHolder, type ProofChanges } from '../../libs/token-server/src/possession/dpop-holder.spec.fixture.js';
import type { PlainBrowser, Shown } from '../plain-browser.js';
import { type Answer, type Requests, requestsTo } from '../requests.js';
import { type FapiCredentials, type FapiProvider, type FapiVariant, nameOf } from './fapi-provider.js';
import { callback } from './provider.js';
import { type Changes, type Parameters, responseIn } from './relying-party.js';

export const verifier = 'the-verifier-of-the-client-that-began-the-flow-0123456789';
export const s256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** What one request is to have otherwise than an honest client makes it. */
export interface Otherwise {
  readonly assertion?: AssertionDifference;
  /** With whose key the assertion is signed, and in whose name. */
  readonly key?: ClientKey;
  readonly as?: string;
  /** A certificate in the place of the client's; null: none. */
  readonly certificate?: FapiCredentials['certificate'] | null;
  readonly proof?: ProofChanges;
  /** In the place of the proof that would be made; null: none. */
  readonly dpop?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Leaves out whatever says who sends the request. */
  readonly anonymous?: true;
}

/** A client of the FAPI 2.0 plans. With `signs` it does what Message Signing asks for. */
export class FapiClient {
  readonly holder: DpopHolder;

  constructor(
    readonly provider: FapiProvider,
    readonly variant: FapiVariant,
    readonly credentials: FapiCredentials,
    readonly signs = false,
  ) {
    this.holder = new DpopHolder(() => provider.clock.now());
  }

  get clientId(): string {
    return this.credentials.clientId;
  }

  /** What the client asks for (FAPI 2.0 Security Profile §5.3.3.2); undefined takes a parameter away. */
  request(changes: Changes = {}): Parameters {
    const parameters: Changes = {
      client_id: this.clientId,
      redirect_uri: callback,
      response_type: 'code',
      response_mode: this.signs ? 'jwt' : undefined,
      scope: 'openid',
      state: randomBytes(12).toString('base64url'),
      nonce: randomBytes(12).toString('base64url'),
      code_challenge: s256(verifier),
      code_challenge_method: 'S256',
      ...changes,
    };
    return given(parameters);
  }

  /** The request object that Message Signing §5.3.2 asks for. */
  signed(
    claims: object,
    { header = {}, key = this.credentials.key }: { header?: object; key?: ClientKey } = {},
  ): Promise<string> {
    const now = this.provider.clock.now();
    const all = { iss: this.clientId, aud: this.provider.metadata.issuer, nbf: now, exp: now + 300, ...claims };
    return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
      .setProtectedHeader({ alg: key.alg, kid: key.jwk.kid, typ: 'oauth-authz-req+jwt', ...header })
      .sign(key.privateKey);
  }

  /** Sends a request ahead (RFC 9126). */
  async push(request: Parameters, otherwise: Otherwise = {}): Promise<Answer> {
    const form = this.signs ? { client_id: this.clientId, request: await this.signed(request) } : request;
    return this.pushForm(form, otherwise);
  }

  async pushForm(form: Parameters, otherwise: Otherwise = {}): Promise<Answer> {
    // Of the proof of possession only what a module is about: it is no part of the pushed request (RFC 9449 §10.1).
    const dpop = otherwise.proof && this.proof('connect/par', otherwise.proof);
    return this.post('connect/par', form, { dpop: dpop ?? null, ...otherwise });
  }

  /** The browser brings the pushed request to the server, with `client_id` and `request_uri` alone. */
  open(browser: PlainBrowser, pushed: Answer, beside: Changes = {}): Promise<Shown> {
    const parameters = given({ client_id: this.clientId, request_uri: pushed.body.request_uri as string, ...beside });
    const endpoint = new URL(this.provider.metadata.authorization_endpoint as string);
    endpoint.search = new URLSearchParams(parameters).toString();
    return browser.open(endpoint, {}, 'cross');
  }

  /** As {@link open}, in alice's browser; she agrees where she is asked. */
  async sendOn(pushed: Answer, beside: Changes = {}): Promise<Shown> {
    const browser = await this.provider.signedIn();
    const shown = await this.open(browser, pushed, beside);
    return shown.url.pathname === '/consent' ? browser.submit(shown, { decision: 'allow' }) : shown;
  }

  /** What the client is told: parameters of the query, or the claims of the one JWT in it. */
  async answer(shown: Shown): Promise<Readonly<Record<string, string>>> {
    const { place, parameters } = responseIn(shown);
    if (place !== 'query') throw new Error(`The answer is in the ${place}, and not in the query.`);
    if (parameters.response === undefined) return parameters;
    return (await this.provider.verify(parameters.response, this.clientId)).payload as Record<string, string>;
  }

  /** From the pushed request to the code; alice is signed in. */
  async authorize(changes: Changes = {}, otherwise: Otherwise = {}): Promise<Readonly<Record<string, string>>> {
    const pushed = await this.push(this.request(changes), otherwise);
    if (pushed.status !== 201) throw new Error(`Not pushed: ${JSON.stringify(pushed.body)}`);
    return this.answer(await this.sendOn(pushed));
  }

  redeem(code: string | undefined, changes: Changes = {}, otherwise: Otherwise = {}): Promise<Answer> {
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      ...changes,
    };
    return this.post('connect/token', given(form), otherwise);
  }

  refresh(token: string, otherwise: Otherwise = {}): Promise<Answer> {
    return this.post('connect/token', { grant_type: 'refresh_token', refresh_token: token }, otherwise);
  }

  /** What the server says of a token, as a JWT (RFC 9701 §4). */
  introspect(token: string): Promise<Answer> {
    return this.post('connect/introspect', { token }, { headers: { accept: 'application/token-introspection+jwt' } });
  }

  /** All of it. */
  async tokens(changes: Changes = {}): Promise<Answer> {
    return this.redeem((await this.authorize(changes)).code);
  }

  /** Asks the resource, which is userinfo here. `scheme` and `url` as the plan wants them. */
  resource(token: string, otherwise: Otherwise = {}, scheme = this.variant.binding === 'dpop' ? 'DPoP' : 'Bearer') {
    const { proof, dpop = this.proof('connect/userinfo', { token, ...proof }, 'GET') } = otherwise;
    const headers = { authorization: `${scheme} ${token}`, ...this.proofs(dpop), ...otherwise.headers };
    return this.over(otherwise).send('connect/userinfo', { headers });
  }

  /** A proof for one request to the server. */
  proof(path: string, changes: ProofChanges = {}, method = 'POST'): string {
    return this.holder.proof(method, `${this.provider.server.url}/${path}`, changes);
  }

  private async post(path: string, form: Parameters, otherwise: Otherwise): Promise<Answer> {
    const { proof, dpop = this.proof(path, proof), headers = {}, anonymous } = otherwise;
    const who = anonymous ? {} : await this.authentication(otherwise);
    return this.over(otherwise).form(path, { ...form, ...who }, { ...this.proofs(dpop), ...headers });
  }

  private proofs(proof: string | null): Record<string, string> {
    return this.variant.binding === 'dpop' && proof !== null ? { DPoP: proof } : {};
  }

  private async authentication({
    assertion,
    key = this.credentials.key,
    as = this.clientId,
  }: Otherwise): Promise<Parameters> {
    if (this.variant.auth === 'mtls') return { client_id: as };
    const here = { now: this.provider.clock.now(), issuer: this.provider.metadata.issuer as string };
    return assert(key, as, here, assertion);
  }

  /** Connections that show the client's certificate, where the variant has one. */
  private over({ certificate = this.credentials.certificate }: Otherwise): Requests {
    const { server } = this.provider;
    const shows = this.variant.auth === 'mtls' || this.variant.binding === 'mtls';
    if (!shows || certificate === null) return server;
    return requestsTo(server.url, server.fetchAs(certificate));
  }
}

/** Of one variant the client that most modules use, and the second. */
export function clientsOf(
  provider: FapiProvider,
  variant: FapiVariant,
  signs = false,
): readonly [FapiClient, FapiClient] {
  const [first, second] = provider.pairs.get(nameOf(variant))!;
  return [new FapiClient(provider, variant, first, signs), new FapiClient(provider, variant, second, signs)];
}

/** `cnf` of an access token. */
export function confirmationOf(token: string): unknown {
  return decodeJwt(token).cnf;
}

function given(parameters: Changes): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as Parameters;
}
