import type { PendingInteraction } from '@tessera/token-server';
import type { PagePolicy } from './page-headers.js';

/** A text of the pages, with what its placeholders stand for; which language it is in is decided when it is shown. */
export interface Words {
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** What a page says before all else. */
export interface Notice {
  readonly kind: 'error' | 'success' | 'caution';
  readonly message: Words;
}

/** A page to be shown: a template and what it is filled with. */
export interface Page {
  readonly template: string;
  readonly title: Words;
  /** 200 where it is not said. */
  readonly status?: number;
  readonly notice?: Notice;
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number;
  /** The languages that the application asked for, best first. */
  readonly uiLocales?: readonly string[];
  readonly display?: PendingInteraction['display'];
  /** More room, for lists. */
  readonly wide?: boolean;
  readonly policy?: PagePolicy;
  /** For the template alone. */
  readonly data?: Readonly<Record<string, unknown>>;
}
