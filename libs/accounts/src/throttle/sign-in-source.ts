import { hash } from 'node:crypto';
import type { SignInOrigin } from '@tessera/grant-types';
import { networkOf, normalizeUsername } from '@tessera/resource-model';
import type { DelayRule } from './growing-delay.js';

const [minute, hour, day] = [60, 3600, 86_400];

/** Somebody at one place who tries one account: that place alone is made to wait, so it may be for long. */
export const fromOneOrigin: DelayRule = { of: 'account and origin', free: 5, longest: 15 * minute, within: day };

/**
 * The same through a client that hands passwords over without saying whose browser they come from: behind it are the person and the
 * attacker alike, so the wait must be one that a person can sit out.
 */
export const throughOneClient: DelayRule = { of: 'account and client', free: 5, longest: 30, within: day };

/** One place that tries a few passwords on many accounts. An office or a mobile network may be behind it, so it is given more. */
export const fromOneAddress: DelayRule = { of: 'address', free: 50, longest: minute, within: 15 * minute };

/** Many places that try one account. This one could be used to lock a person out, so it only ever holds up for moments. */
export const atOneAccount: DelayRule = { of: 'account', free: 100, longest: 3, within: hour };

/** Who tries to sign in, as far as it counts. */
export interface SignInSource extends SignInOrigin {
  readonly username: string;
  /** Whether the person of that name signed in with the device before. */
  readonly isKnownDevice: boolean;
}

/** What a try counts under. */
export interface Counted {
  readonly key: string;
  readonly rule: DelayRule;
}

/**
 * What a try counts under: first the account at its origin, which a right password clears, then what is wider. A known device counts
 * for itself alone: nobody else can slow it down, and it opens no way to other accounts.
 */
export function countedUnder({
  username,
  address,
  client,
  device,
  isKnownDevice,
}: SignInSource): [Counted, ...Counted[]] {
  const account = normalizeUsername(username);
  if (isKnownDevice && device !== undefined) return [{ key: keyOf('device', account, device), rule: fromOneOrigin }];
  const everywhere = { key: keyOf('account', account), rule: atOneAccount };
  if (address === undefined) {
    return [{ key: keyOf('client', account, client?.clientId ?? ''), rule: throughOneClient }, everywhere];
  }
  const network = networkOf(address);
  return [
    { key: keyOf('origin', account, network), rule: fromOneOrigin },
    { key: keyOf('address', network), rule: fromOneAddress },
    everywhere,
  ];
}

/** Short, however long the user name, and without a name or an address to read in it: 132 bits of a SHA-256. */
function keyOf(...parts: [kind: string, ...rest: string[]]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 22);
}
