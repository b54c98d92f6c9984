import { hash } from 'node:crypto';
import { AccountsModule } from '@tessera/accounts';
import { PagesModule } from '@tessera/pages';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import { PlainBrowser, type Shown } from '../plain-browser.js';
import type { Answer } from '../requests.js';
import { basic, type RunningServer, seed, type ServerPlan, startServer } from '../running-server.js';

export const redirectUri = 'https://app.example.com/callback';
export const verifier = 'the-verifier-of-the-person-who-began-the-flow-0123456789';
export const challenge = hash('sha256', verifier, 'base64url');

export type Difference = Readonly<Record<string, string | undefined>>;

/** A web application that signs people in, and whatever differs. */
export function webClient(clientId: string, difference: Partial<ClientInit> = {}): ClientInit {
  return {
    clientId,
    allowedGrantTypes: ['authorization_code'],
    clientSecrets: [new Secret(sha256('secret'))],
    redirectUris: [redirectUri],
    allowedScopes: ['openid', 'profile', 'api1'],
    allowOfflineAccess: true,
    ...difference,
  };
}

/** The whole product: tokens, accounts and pages, over https. */
export function startForPeople(clients: readonly ClientInit[], { options, ...plan }: ServerPlan = {}) {
  return startServer({
    tls: true,
    options: { clients: [...seed.clients, ...clients], imports: [AccountsModule, PagesModule], ...options },
    ...plan,
  });
}

/** What an honest client sends; what is undefined in the difference is left out. */
export function authorizeParameters(difference: Difference = {}): Record<string, string> {
  const request = {
    client_id: 'web',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile',
    state: 'a state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...difference,
  };
  return Object.fromEntries(
    Object.entries(request).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export function authorizeAddress(difference?: Difference): string {
  return `/connect/authorize?${new URLSearchParams(authorizeParameters(difference)).toString()}`;
}

/** Somebody who has signed in before. */
export async function signedIn(server: RunningServer, username = 'alice'): Promise<PlainBrowser> {
  const browser = new PlainBrowser(server);
  await browser.signIn(await browser.open('/signin'), username);
  return browser;
}

/** What the client is told, in the query or in the fragment. */
export function answerAt({ href }: URL): Record<string, string> {
  const { search, hash: fragment } = new URL(href);
  return Object.fromEntries([...new URLSearchParams(search), ...new URLSearchParams(fragment.slice(1))]);
}

/** The answer that a browser came to the client with. */
export function answerOf({ url }: Pick<Shown, 'url'>): Record<string, string> {
  return answerAt(url);
}

/** Asks without a page whether the browser is signed in: whose session, or `login_required`. */
export async function silently(browser: PlainBrowser, difference: Difference = {}): Promise<Record<string, string>> {
  return answerOf(await browser.open(authorizeAddress({ prompt: 'none', ...difference })));
}

/** Enters the code that a device shows: where there is such a device, the page that asks about it comes next. */
export async function enterCode(browser: PlainBrowser, userCode: string): Promise<Shown> {
  return browser.submit(await browser.open('/device'), { user_code: userCode });
}

/** A client redeems a code. */
export function redeem(
  server: RunningServer,
  code: string | undefined,
  difference: Difference = {},
  credentials: Readonly<Record<string, string>> = basic('web'),
): Promise<Answer> {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...difference,
  };
  const sent = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return server.form('connect/token', sent, credentials);
}
