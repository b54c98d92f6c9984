import type { HttpRequest, SignedIn } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import type { PageAddresses } from '../rendering/page-addresses.js';

/** Where somebody goes on who signs in for no application: one of these pages, never an address out of a request. */
export interface AfterSignIn {
  readonly page?: 'device' | 'backchannel' | 'applications';
  /** What was typed for the device, kept through the sign-in. */
  readonly userCode?: string;
  /** The id of the question that a client asks, kept as well. */
  readonly request?: string;
  /** Seconds since 1970: only a sign-in after that will do. */
  readonly newerThan?: number;
}

export function afterSignIn({ query, body }: HttpRequest): AfterSignIn {
  const page = textOf(query, 'return') ?? textOf(body, 'return');
  if (page === 'applications') return { page };
  if (page !== 'device' && page !== 'backchannel') return {};
  const kept = (name: string) => textOf(query, name) ?? textOf(body, name);
  const newerThan = textOf(query, 'newer_than');
  return {
    page,
    ...(page === 'device' ? { userCode: kept('user_code') } : { request: kept('request') }),
    newerThan: newerThan !== undefined && /^\d{1,12}$/.test(newerThan) ? Number(newerThan) : undefined,
  };
}

/** The sign-in page that leads there. */
export function signInAddress(addresses: PageAddresses, { page, newerThan, ...kept }: AfterSignIn): string {
  return addresses.of('signIn', { return: page, ...queryOf(kept), newer_than: newerThan?.toString() });
}

/** The sign-in page for a person whose sign-in will not do, and who has to come back with a newer one. */
export function signInAgain(addresses: PageAddresses, { signedInAt }: SignedIn, after: AfterSignIn): string {
  return signInAddress(addresses, { ...after, newerThan: signedInAt });
}

export function addressAfter(addresses: PageAddresses, { page, ...kept }: AfterSignIn): string {
  return page === undefined ? addresses.home : addresses.of(page, queryOf(kept));
}

function queryOf({ userCode, request }: AfterSignIn): Readonly<Record<string, string | undefined>> {
  return { user_code: userCode, request };
}
