import { Inject, Injectable } from '@nestjs/common';
import { type ResolvedOptions, TOKEN_SERVER_OPTIONS } from '@tessera/token-server';
import { PAGES, type ResolvedPages } from '../resolve-pages.js';

/** Where the pages are, below the issuer. */
export const pagePaths = {
  signIn: 'signin',
  chooseAccount: 'account',
  consent: 'consent',
  device: 'device',
  deviceConfirm: 'device/confirm',
  deviceDone: 'device/done',
  signOut: 'signout',
  signedOut: 'signedout',
  applications: 'applications',
  discovery: '.well-known/openid-configuration',
} as const;

type PageName = keyof typeof pagePaths;

/** Addresses as they stand in pages: paths, so that they lead to the host under which the browser knows this server. */
@Injectable()
export class PageAddresses {
  /** The path of the issuer, which stands before all others. */
  readonly base: string;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { issuer }: ResolvedOptions,
    @Inject(PAGES) private readonly pages: ResolvedPages,
  ) {
    this.base = new URL(issuer).pathname.replace(/\/$/, '');
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

  /** Where somebody goes who has nowhere else to go. */
  get home(): string {
    const { homeUrl, homePage } = this.pages.options;
    return homeUrl ?? (homePage ? this.below('') : this.of('applications'));
  }

  /** All of them by name, for templates. */
  get all(): Record<PageName | 'home', string> {
    const names = Object.keys(pagePaths) as PageName[];
    const entries = names.map((name) => [name, this.of(name)] as const);
    return { ...(Object.fromEntries(entries) as Record<PageName, string>), home: this.home };
  }
}
