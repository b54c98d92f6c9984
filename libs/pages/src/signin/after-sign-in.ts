import type { HttpRequest } from '@tessera/token-server';
import { textOf } from '../form/form-fields.js';
import type { PageAddresses } from '../rendering/page-addresses.js';

/** Where somebody goes on who signs in for no application: one of these pages, never an address out of a request. */
export interface AfterSignIn {
  readonly page?: 'device' | 'applications';
  /** What was typed for the device, kept through the sign-in. */
  readonly userCode?: string;
}

export function afterSignIn({ query, body }: HttpRequest): AfterSignIn {
  const page = textOf(query, 'return') ?? textOf(body, 'return');
  if (page === 'applications') return { page };
  if (page !== 'device') return {};
  return { page, userCode: textOf(query, 'user_code') ?? textOf(body, 'user_code') };
}

/** The sign-in page that leads there. */
export function signInAddress(addresses: PageAddresses, { page, userCode }: AfterSignIn): string {
  return addresses.of('signIn', { return: page, user_code: userCode });
}

export function addressAfter(addresses: PageAddresses, { page, userCode }: AfterSignIn): string {
  return page === undefined ? addresses.home : addresses.of(page, { user_code: userCode });
}
