import type { HttpRequest, SignedIn } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import type { PageAddresses } from '../rendering/page-addresses.js';

/** Where somebody goes on who signs in for no application: one of these pages, never an address out of a request. */
export interface AfterSignIn {
  readonly page?: 'device' | 'applications';
  /** What was typed for the device, kept through the sign-in. */
  readonly userCode?: string;
  /** Seconds since 1970: only a sign-in after that will do. */
  readonly newerThan?: number;
}

export function afterSignIn({ query, body }: HttpRequest): AfterSignIn {
  const page = textOf(query, 'return') ?? textOf(body, 'return');
  if (page === 'applications') return { page };
  if (page !== 'device') return {};
  const newerThan = textOf(query, 'newer_than');
  return {
    page,
    userCode: textOf(query, 'user_code') ?? textOf(body, 'user_code'),
    newerThan: newerThan !== undefined && /^\d{1,12}$/.test(newerThan) ? Number(newerThan) : undefined,
  };
}

/** The sign-in page that leads there. */
export function signInAddress(addresses: PageAddresses, { page, userCode, newerThan }: AfterSignIn): string {
  return addresses.of('signIn', { return: page, user_code: userCode, newer_than: newerThan?.toString() });
}

/** The sign-in page for a person whose sign-in is too old for the device; from there back to it. */
export function signInAgain(addresses: PageAddresses, { signedInAt }: SignedIn, userCode: string): string {
  return signInAddress(addresses, { page: 'device', userCode, newerThan: signedInAt });
}

export function addressAfter(addresses: PageAddresses, { page, userCode }: AfterSignIn): string {
  return page === undefined ? addresses.home : addresses.of(page, { user_code: userCode });
}
