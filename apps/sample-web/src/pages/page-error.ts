/** Where a person can go from here. */
export interface WayOut {
  readonly href: string;
  readonly label: string;
}

interface Details {
  readonly wayOut?: WayOut;
  /** What another server said about it; for a person who wants to know, and shown as what it is. */
  readonly saidBy?: { readonly server: string; readonly code: string; readonly description?: string | undefined };
  /** For the log, if it is worth a line there. */
  readonly cause?: unknown;
}

/** Something that a person is told on a page: what happened, in a title and a sentence, and where to go. */
export class PageError extends Error {
  override readonly name: string = 'PageError';
  readonly wayOut: WayOut;
  readonly saidBy: Details['saidBy'];

  constructor(
    readonly status: number,
    readonly title: string,
    text: string,
    { wayOut = { href: '/', label: 'Back to the first page' }, saidBy, cause }: Details = {},
  ) {
    super(text, { cause });
    this.wayOut = wayOut;
    this.saidBy = saidBy;
  }
}
