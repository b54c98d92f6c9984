import type { SignOutView } from '@tessera/token-server';
import type { Refusal } from '../form/refusal.js';
import type { PageAddresses } from '../rendering/page-addresses.js';
import type { Page } from '../rendering/page.js';
import { webUrl } from '../rendering/safe-url.js';

/** Asks, because any site can lead somebody to this address (OpenID Connect RP-Initiated Logout §6). */
export function signOutPage(view: SignOutView, csrf: string, addresses: PageAddresses, refusal?: Refusal): Page {
  const { id, client, account, uiLocales, returnUrl } = view;
  return {
    template: 'signout',
    title: { key: 'signout.title' },
    ...refusal,
    uiLocales,
    // The answer to the form may lead there, and browsers hold it to the policy.
    policy: { formTargets: returnUrl === undefined ? [] : [returnUrl] },
    data: {
      csrf,
      interaction: id,
      client,
      account,
      formAction: addresses.of('signOut', { interaction: id }),
      stayUrl: webUrl(client?.homeUrl) ?? addresses.home,
    },
  };
}

/** Done; the other applications are told in frames, and then the person goes back to the one that asked. */
export function signedOutPage({ client, uiLocales, returnUrl, frames }: SignOutView): Page {
  return {
    template: 'signedout',
    title: { key: 'signedout.title' },
    uiLocales,
    policy: { frames, scripts: returnUrl !== undefined },
    data: { client, returnUrl, frames: frames.map(webUrl).filter((frame) => frame !== undefined) },
  };
}
