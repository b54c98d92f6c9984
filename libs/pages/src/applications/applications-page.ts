import type { ApplicationView, SessionView, SignedIn } from '@tessera/token-server';
import type { Refusal } from '../form/refusal.js';
import type { Notice, Page } from '../rendering/page.js';
import { browserName } from './browser-name.js';

/** What the page is made of. */
interface Applications {
  readonly account: SignedIn;
  readonly csrf: string;
  readonly applications: readonly ApplicationView[];
  readonly sessions: readonly SessionView[];
  /** The names of the clients that ask the person something. */
  readonly waiting: readonly string[];
  readonly refusal?: Refusal;
  readonly done?: Notice;
}

export function applicationsPage({
  account,
  csrf,
  applications,
  sessions,
  waiting,
  refusal,
  done,
}: Applications): Page {
  return {
    template: 'applications',
    title: { key: 'applications.title' },
    notice: done,
    ...refusal,
    wide: true,
    data: {
      account,
      csrf,
      applications,
      waiting,
      sessions: sessions.map((session) => ({
        ...session,
        browser: browserName(session.userAgent),
        clientNames: session.clients.map(({ name }) => name),
      })),
    },
  };
}
