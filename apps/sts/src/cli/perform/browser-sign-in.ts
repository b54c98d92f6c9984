import * as oidc from 'openid-client';
import { CliFault } from '../cli-fault.js';
import type { Terminal } from '../terminal.js';
import { LoopbackListener } from './loopback-listener.js';

interface BrowserOptions {
  readonly redirectPort: number;
  readonly redirectPath: string;
  /** Seconds. */
  readonly timeout: number;
}

/** Sends a person's browser to the server, waits for what it brings back, and redeems the code. PKCE, state and nonce are new each time. */
export async function signInWithBrowser(
  server: oidc.Configuration,
  parameters: URLSearchParams,
  { redirectPort, redirectPath, timeout }: BrowserOptions,
  terminal: Terminal,
): Promise<oidc.TokenEndpointResponse> {
  const [verifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
  const isSignIn = parameters.get('scope')?.split(' ').includes('openid') === true;
  const listener = await LoopbackListener.open({ port: redirectPort, path: redirectPath, state });
  try {
    parameters.set('redirect_uri', listener.redirectUri);
    parameters.set('state', state);
    parameters.set('code_challenge', await oidc.calculatePKCECodeChallenge(verifier));
    parameters.set('code_challenge_method', 'S256');
    if (isSignIn) parameters.set('nonce', nonce);
    terminal.note(
      `Open this address in a browser on this machine:\n\n${oidc.buildAuthorizationUrl(server, parameters).href}\n`,
    );
    const answer = await listener.answer(timeout);
    if (!answer)
      throw new CliFault(`Nobody came back to ${listener.redirectUri} within ${timeout} seconds. ${refused(listener)}`);
    const expectedNonce = isSignIn ? nonce : undefined;
    return await oidc.authorizationCodeGrant(server, answer, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce,
    });
  } finally {
    listener.close();
  }
}

function refused({ redirectUri }: LoopbackListener): string {
  const { hostname, pathname } = new URL(redirectUri);
  return `If the browser showed an error page: does the client have the redirect URI http://${hostname}${pathname}?`;
}
