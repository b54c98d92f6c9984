import { hash } from 'node:crypto';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { createLocalJWKSet, type JWTPayload, jwtVerify, type ProtectedHeaderParameters } from 'jose';
import { expect } from '@jest/globals';
import type { PlainBrowser, Shown } from '../plain-browser.js';
import { basic, type RunningServer } from '../running-server.js';

const verifier = 'a-code-verifier-of-at-least-forty-three-characters';

/** What a relying party has of a person who came back from the server. */
export interface Login {
  readonly idToken: string;
  readonly claims: JWTPayload;
  readonly header: ProtectedHeaderParameters;
  readonly tokens: { readonly access_token: string; readonly refresh_token?: string };
  /** The parameters of the answer. */
  readonly answer: URLSearchParams;
}

/** An application that signs people in and out at the server, on an origin of its own. */
export class RelyingParty {
  readonly origin: string;
  readonly redirectUri: string;
  readonly bye: string;

  constructor(readonly clientId: string) {
    this.origin = `https://${clientId}.example`;
    this.redirectUri = `${this.origin}/callback`;
    this.bye = `${this.origin}/bye`;
  }

  registered(difference: Partial<ClientInit> = {}): ClientInit {
    return {
      clientId: this.clientId,
      allowedGrantTypes: ['authorization_code'],
      clientSecrets: [new Secret(sha256('secret'))],
      redirectUris: [this.redirectUri],
      postLogoutRedirectUris: [this.bye],
      allowedScopes: ['openid', 'profile'],
      ...difference,
    };
  }

  /** Where the browser ends that is sent to the authorize endpoint; no page is answered. */
  authorize(browser: PlainBrowser, more: Readonly<Record<string, string>> = {}): Promise<Shown> {
    const query = new URLSearchParams({
      client_id: this.clientId,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: 'openid',
      code_challenge: hash('sha256', verifier, 'base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    return browser.open(`/connect/authorize?${query.toString()}`, {}, 'cross');
  }

  /** The whole sign-in: the page, where the server shows one, and the exchange of the code. */
  async signIn(
    server: RunningServer,
    browser: PlainBrowser,
    { username = 'alice', ...more }: Readonly<Record<string, string>> = {},
  ): Promise<Login> {
    const shown = await this.authorize(browser, more);
    const { url } = shown.url.pathname === '/signin' ? await browser.signIn(shown, username) : shown;
    const grant = {
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? `none: ${url.href}`,
      redirect_uri: this.redirectUri,
      code_verifier: verifier,
    };
    const { body } = await server.form('connect/token', grant, basic(this.clientId));
    const { payload, protectedHeader } = await verified(server, body.id_token, this.clientId);
    return {
      idToken: body.id_token,
      claims: payload,
      header: protectedHeader,
      tokens: body,
      answer: url.searchParams,
    };
  }

  /** `none`, where a request without a page finds the person signed in. */
  async silentError(browser: PlainBrowser): Promise<string> {
    const { url } = await this.authorize(browser, { prompt: 'none' });
    return url.searchParams.get('error') ?? 'none';
  }
}

/** A JWT of the server for this client, checked with the keys that the server publishes; `typ` where one is given. */
export async function verified(server: RunningServer, token: string, audience: string, typ?: string) {
  const { body } = await server.send('.well-known/openid-configuration/jwks');
  // The clock of a spec may be ahead: how long a token is good is for the rules to look at.
  const currentDate = new Date(0);
  return jwtVerify(token, createLocalJWKSet(body), { issuer: server.url, audience, typ, currentDate });
}

/** Sends the browser to the end session endpoint, as a link of a relying party does. */
export function endSession(browser: PlainBrowser, params: Readonly<Record<string, string>> = {}): Promise<Shown> {
  return browser.open(`/connect/endsession?${new URLSearchParams(params).toString()}`, {}, 'cross');
}

export async function metadataOf(server: RunningServer): Promise<Record<string, unknown>> {
  const { status, body } = await server.send('.well-known/openid-configuration');
  expect(status).toBe(200);
  return body;
}
