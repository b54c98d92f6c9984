import { Inject, Injectable } from '@nestjs/common';
import { type PendingInteraction, type ResolvedOptions, TOKEN_SERVER_OPTIONS } from '@tessera/token-server';
import { PAGES, type ResolvedPages } from '../resolve-pages.js';

/** Where the pages are, below the issuer. */
export const pagePaths = {
  signIn: 'signin',
  chooseAccount: 'account',
  consent: 'consent',
  device: 'device',
  deviceConfirm: 'device/confirm',
  deviceDone: 'device/done',
  backchannel: 'backchannel',
  backchannelDone: 'backchannel/done',
  signOut: 'signout',
  signedOut: 'signedout',
  applications: 'applications',
  discovery: '.well-known/openid-configuration',
} as const;

type PageName = keyof typeof pagePaths;

/**
 * What names a request that waits, in addresses. The client stands there as well: when the request is over, it is all that tells the person
 * the way back.
 */
export function queryFor({ id, client }: PendingInteraction): { interaction: string; client_id: string } {
  return { interaction: id, client_id: client.clientId };
}

/** Addresses as they stand in pages: paths, so that they lead to the host under which the browser knows this server. */
@Injectable()
export class PageAddresses {
  /** The path of the issuer, which stands before all others. */
  readonly base: string;
  /** Where somebody goes who has nowhere else to go. */
  readonly home: string;
  /** All of them by name, for templates. */
  readonly all: Readonly<Record<PageName | 'home', string>>;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { issuer }: ResolvedOptions,
    @Inject(PAGES) { options: { homeUrl, homePage } }: ResolvedPages,
  ) {
    this.base = new URL(issuer).pathname.replace(/\/$/, '');
    this.home = homeUrl ?? (homePage ? this.below('') : this.of('applications'));
    const names = Object.keys(pagePaths) as PageName[];
    const entries = names.map((name) => [name, this.of(name)] as const);
    this.all = { ...(Object.fromEntries(entries) as Record<PageName, string>), home: this.home };
  }

  of(page: PageName, query: Readonly<Record<string, string | undefined>> = {}): string {
    return this.below(pagePaths[page], query);
  }

  /** An address below the issuer; a query without a value is left out. */
  below(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const search = new URLSearchParams(given).toString();
    return `${this.base}/${path}${search === '' ? '' : `?${search}`}`;
  }

  /** The sign-in page for somebody who is signed in, and wants to answer the request as somebody else. */
  signInAsAnother(pending: PendingInteraction): string {
    return this.of('signIn', { ...queryFor(pending), switch_account: 'true' });
  }
}
