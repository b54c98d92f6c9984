/** A question that waits for a person, and what there is to say about it. */
export interface BackchannelQuestion {
  /** The person who is asked. */
  readonly subject: string;
  readonly client: { readonly clientId: string; readonly clientName?: string };
  /** What the client shows at its own place: the person compares both (CIBA Core §7.1). */
  readonly bindingMessage?: string;
  /** Where the person answers. It gives nobody tokens, and nobody but this person can answer there. */
  readonly url: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Tells people that a client waits for their word: by a push message, an e-mail, whatever reaches them. An application provides this one class; without
 * it nothing is sent, and people find the question at the page.
 */
export abstract class BackchannelNotifier {
  /** The client does not wait for this: what it throws goes to the log. */
  abstract notify(question: BackchannelQuestion): Promise<void>;
}
