import type { SignInOrigin } from '@tessera/grant-types';
import { attemptKey, type DelayRule, networkOf, normalizeUsername } from '@tessera/resource-model';

const [minute, hour, day] = [60, 3600, 86_400];

/** Somebody at one place who tries one account: that place alone is made to wait, so it may be for long. */
export const fromOneOrigin: DelayRule = { free: 5, longest: 15 * minute, within: day };

/**
 * The same through a client that hands passwords over without saying whose browser they come from: behind it are the person and the
 * attacker alike, so the wait must be one that a person can sit out.
 */
const throughOneClient: DelayRule = { free: 5, longest: 30, within: day };

/** One place that tries a few passwords on many accounts. An office or a mobile network may be behind it, so it is given more. */
const fromOneAddress: DelayRule = { free: 50, longest: minute, within: 15 * minute };

/** Many places that try one account. This one could be used to lock a person out, so it only ever holds up for moments. */
const atOneAccount: DelayRule = { free: 100, longest: 3, within: hour };

/** Who tries to sign in, as far as it counts. */
export interface SignInSource extends SignInOrigin {
  readonly username: string;
  /** Whether the person of that name signed in with the device before. */
  readonly isKnownDevice: boolean;
}

/** What a try counts under. */
export interface Counted {
  /** In words: for the log. */
  readonly of: string;
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
  if (isKnownDevice && device !== undefined) {
    return [{ of: 'account and device', key: attemptKey('device', account, device), rule: fromOneOrigin }];
  }
  const everywhere = { of: 'account', key: attemptKey('account', account), rule: atOneAccount };
  if (address === undefined) {
    const key = attemptKey('client', account, client?.clientId ?? '');
    return [{ of: 'account and client', key, rule: throughOneClient }, everywhere];
  }
  const network = networkOf(address);
  return [
    { of: 'account and origin', key: attemptKey('origin', account, network), rule: fromOneOrigin },
    { of: 'address', key: attemptKey('address', network), rule: fromOneAddress },
    everywhere,
  ];
}
