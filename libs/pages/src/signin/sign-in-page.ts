import type { PendingInteraction } from '@tessera/token-server';
import type { Refusal } from '../form/refusal.js';
import { type PageAddresses, queryFor } from '../rendering/page-addresses.js';
import type { Page } from '../rendering/page.js';
import { type AfterSignIn, signInAddress } from './after-sign-in.js';

/** What the page is made of. */
interface SignIn {
  /** None: the person comes for the server itself. */
  readonly pending?: PendingInteraction;
  readonly after: AfterSignIn;
  /** The person is signed in, and wants to be somebody else. */
  readonly switchesAccount: boolean;
  readonly csrf: string;
  readonly createAccountPath?: string;
  readonly refusal?: Refusal;
  /** What was entered before; never the password. */
  readonly entered?: { readonly username?: string; readonly rememberMe: boolean };
}

export function signInPage(
  { pending, after, switchesAccount, csrf, createAccountPath, refusal, entered }: SignIn,
  addresses: PageAddresses,
): Page {
  const query = pending && queryFor(pending);
  return {
    template: 'signin',
    title: { key: 'signin.title' },
    ...refusal,
    uiLocales: pending?.uiLocales,
    display: pending?.display,
    policy: { formTargets: pending?.formTargets },
    data: {
      csrf,
      interaction: pending?.id,
      client: pending?.client,
      formAction: pending ? formAction(pending, addresses, switchesAccount) : signInAddress(addresses, after),
      returnTo: after.page,
      username: entered?.username ?? pending?.loginHint,
      rememberMe: entered?.rememberMe ?? false,
      fieldsFaulty: refusal?.fieldsFaulty,
      localLogin: pending?.localLogin ?? true,
      providers: (pending?.externalProviders ?? []).map(({ displayName, path }) => ({
        displayName,
        url: addresses.below(path, query),
      })),
      createAccountUrl: createAccountPath && addresses.below(createAccountPath, query),
    },
  };
}

/** As the page was asked for: whoever loads the answer again sees this page, and not the next one. */
function formAction(pending: PendingInteraction, addresses: PageAddresses, switchesAccount: boolean): string {
  return switchesAccount ? addresses.signInAsAnother(pending) : addresses.of('signIn', queryFor(pending));
}
