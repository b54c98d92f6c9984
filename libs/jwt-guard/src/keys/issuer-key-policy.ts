/** Where an issuer is asked, and how its keys are kept. Every length of time is in seconds. */
export interface IssuerKeyPolicy {
  /** Letter for letter as the issuer names itself. */
  readonly issuer: string;
  /** Where the keys are, without discovery. */
  readonly jwksUri?: string;
  /** What takes the place of the issuer's origin in the URLs that are fetched; plain http is accepted there. */
  readonly internalAddress?: string;
  readonly cacheLifetime: number;
  readonly staleLifetime: number;
  readonly refetchCooldown: number;
  /** For each single request, body included. */
  readonly fetchTimeout: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** The part of its lifetime after which something fetched is fetched anew, ahead of time. */
export const renewalPart = 0.75;

/** Seconds between two tries while nothing is known: short, because every request is refused in the meantime. */
export const firstRetry = 1;
