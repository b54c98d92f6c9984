/** What the server of the compressed hour is told. */
export type Order =
  | {
      readonly kind: 'start';
      /** None: things are kept in memory. */
      readonly databaseUrl?: string;
    }
  | {
      /** Its clock goes on. */
      readonly kind: 'advance';
      readonly seconds: number;
    }
  | { readonly kind: 'sweep' };

/** What it answers, but to `advance`. */
export type Report = Started | Swept;

export interface Started {
  readonly kind: 'started';
  readonly url: string;
}

/** One clean-up, and the memory after it. */
export interface Swept {
  readonly kind: 'swept';
  /** Seconds of the hour at which it began. */
  readonly from: number;
  readonly milliseconds: number;
  /** For how long the event loop stood still at the most while it went on, in milliseconds; requests go on as well. */
  readonly longestPause: number;
  /** Bytes after a forced garbage collection. */
  readonly memory: { readonly rss: number; readonly heap: number; readonly external: number };
}
