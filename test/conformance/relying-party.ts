import { randomBytes } from 'node:crypto';
import type { JWTPayload, JWTVerifyResult } from 'jose';
import { formOf, PlainBrowser, type Shown } from '../plain-browser.js';
import { basic } from '../running-server.js';
import type { Answer } from '../requests.js';
import { callback, flowOf, type Provider } from './provider.js';

/** With which a plan runs its modules. */
export interface Variant {
  readonly responseType: string;
  readonly responseMode?: 'form_post';
}

/** Parameters of a request; undefined takes one away. */
export type Changes = Readonly<Record<string, string | undefined>>;

export type Parameters = Readonly<Record<string, string>>;

/** What came back to the client, and where. */
export interface AuthorizationResponse {
  readonly place: 'query' | 'fragment' | 'body';
  readonly parameters: Parameters;
  /** Where the browser was sent. */
  readonly url: URL;
  /** Whether the person had to sign in for it. */
  readonly wasAsked: boolean;
}

/** An authorization from the request to the last token. */
export interface Completed {
  readonly request: Parameters;
  readonly response: AuthorizationResponse;
  /** Of the authorize endpoint, of the token endpoint, and both in this order. */
  readonly front?: JWTVerifyResult<JWTPayload>;
  readonly back?: JWTVerifyResult<JWTPayload>;
  readonly idTokens: readonly JWTVerifyResult<JWTPayload>[];
  /** What the token endpoint answered to the code. */
  readonly tokens?: Answer;
  readonly accessTokens: readonly string[];
}

/** Which of a plan's clients; none: the one that most modules use. */
export type ClientKind = 'post' | 'second' | 'query' | 'signed';

/** A client of the suite, with one response type and one response mode. */
export class RelyingParty {
  readonly clientId: string;
  private readonly redirectUri: string;

  constructor(
    readonly provider: Provider,
    readonly variant: Variant,
    kind?: ClientKind,
    redirectUri?: string,
  ) {
    const flow = flowOf(variant.responseType);
    this.clientId = kind === undefined ? flow : `${flow}-${kind}`;
    this.redirectUri = redirectUri ?? (kind === 'query' ? `${callback}?foo=bar` : callback);
  }

  browser(): PlainBrowser {
    return new PlainBrowser(this.provider.server);
  }

  /** A browser in which alice is signed in: the same for all who need only that. */
  signedIn(): Promise<PlainBrowser> {
    return this.provider.shared(async () => {
      const browser = this.browser();
      await this.authorize(browser, this.request());
      return browser;
    });
  }

  request(changes: Changes = {}): Parameters {
    const parameters: Changes = {
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      response_type: this.variant.responseType,
      response_mode: this.variant.responseMode,
      scope: 'openid',
      state: randomBytes(12).toString('base64url'),
      nonce: randomBytes(12).toString('base64url'),
      ...changes,
    };
    return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)) as Parameters;
  }

  /** What the browser shows when the client has sent it to the provider; nobody has done anything yet. */
  open(browser: PlainBrowser, request: Parameters): Promise<Shown> {
    const endpoint = new URL(this.provider.metadata.authorization_endpoint as string);
    endpoint.search = new URLSearchParams(request).toString();
    return browser.open(endpoint, {}, 'cross');
  }

  /** The person signs in and agrees where that is asked. */
  async authorize(browser: PlainBrowser, request: Parameters): Promise<AuthorizationResponse> {
    return this.goOn(browser, await this.open(browser, request));
  }

  async goOn(browser: PlainBrowser, page: Shown): Promise<AuthorizationResponse> {
    const wasAsked = page.url.pathname === '/signin';
    const next = wasAsked ? await browser.signIn(page) : page;
    const last = next.url.pathname === '/consent' ? await browser.submit(next, { decision: 'allow' }) : next;
    return { ...responseIn(last), wasAsked };
  }

  async complete(browser: PlainBrowser, changes: Changes = {}): Promise<Completed> {
    const request = this.request(changes);
    return this.redeemed(request, await this.authorize(browser, request));
  }

  async redeemed(request: Parameters, response: AuthorizationResponse): Promise<Completed> {
    const { code, id_token: idToken, access_token: accessToken } = response.parameters;
    const tokens = code === undefined ? undefined : await this.redeem(code);
    const front = idToken === undefined ? undefined : await this.provider.verify(idToken, this.clientId);
    const second = tokens?.body.id_token as string | undefined;
    const back = second === undefined ? undefined : await this.provider.verify(second, this.clientId);
    const accessTokens = [accessToken, tokens?.body.access_token as string | undefined];
    return {
      request,
      response,
      front,
      back,
      idTokens: [front, back].filter((token) => token !== undefined),
      tokens,
      accessTokens: accessTokens.filter((token) => token !== undefined),
    };
  }

  redeem(code: string, more: Parameters = {}): Promise<Answer> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: this.redirectUri, ...more });
  }

  /** Authenticates as the plan has it: by Basic, the client for that in the form. */
  token(form: Parameters): Promise<Answer> {
    const { server } = this.provider;
    if (!this.clientId.endsWith('-post')) return server.form('connect/token', form, basic(this.clientId));
    return server.form('connect/token', { ...form, client_id: this.clientId, client_secret: 'secret' });
  }
}

/** Reads what the client is told, wherever it stands. @throws Error where the browser has stayed at the provider */
export function responseIn(shown: Shown): Omit<AuthorizationResponse, 'wasAsked'> {
  const { url } = shown;
  if (url.href.startsWith('https://suite.example/')) {
    const inFragment = url.hash !== '';
    const text = inFragment ? url.hash.slice(1) : url.search;
    return { place: inFragment ? 'fragment' : 'query', parameters: once(new URLSearchParams(text)), url };
  }
  const { action, body } = formOf(shown);
  if (!action.href.startsWith('https://suite.example/')) throw new Error(`Still at ${url.href}: ${shown.text}`);
  return { place: 'body', parameters: once(body), url: action };
}

/** RFC 6749 §3.1: no parameter more than once. */
function once(parameters: URLSearchParams): Parameters {
  const names = [...parameters.keys()];
  if (new Set(names).size < names.length) throw new Error(`A parameter is repeated: ${names.join(', ')}`);
  return Object.fromEntries(parameters);
}
