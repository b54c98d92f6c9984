/** What a worker tells the primary. */
export type WorkerMessage =
  /** It can be reached at this URL. */
  | { readonly ready: string }
  /** Why it does not start, for whoever can mend it. */
  | { readonly fault: string };

/** What the primary tells a worker: not by a signal, which a worker takes for a second Ctrl-C where the terminal sent it the first. */
export const stopMessage = 'stop';
