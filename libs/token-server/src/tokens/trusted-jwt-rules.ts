import { signingAlgorithmOf } from '@tessera/protocol';
import type { TrustedIssuer } from '@tessera/resource-model';
import type { Claims } from './claims.js';

/** Seconds that clocks may differ. */
const tolerance = 30;

/** What is checked against. */
interface Here {
  /** Seconds since 1970. */
  readonly now: number;
  /** What this server may be called in `aud`. */
  readonly audiences: readonly string[];
}

/**
 * RFC 8725 §3.11: what a JWT of a trusted issuer may call itself. Anything else was made for another purpose: an access token, a logout token, a client's
 * assertion.
 */
const types = ['jwt', 'authorization-grant+jwt'];

/** Why the header of a JWT is not that of an assertion; undefined: it is. */
export function headerFault({ typ, alg }: Claims, { algorithms }: TrustedIssuer): string | undefined {
  if (typ !== undefined && !(typeof typ === 'string' && types.includes(withoutPrefix(typ)))) {
    return `its typ is ${shown(typ)}, and not JWT`;
  }
  const algorithm = signingAlgorithmOf(alg);
  return algorithms.some((one) => one === algorithm)
    ? undefined
    : `its alg ${shown(alg)} is not one of ${algorithms.join(', ')}`;
}

/** Why what a JWT says does not count here (RFC 7523 §3), whoever signed it; undefined: it does. */
export function claimsFault(
  claims: Claims,
  { longestLife }: TrustedIssuer,
  { now, audiences }: Here,
): string | undefined {
  const { sub, aud, exp, nbf, iat } = claims;
  if (typeof sub !== 'string' || sub === '') return 'it has no sub';
  // One audience alone: a JWT for several servers could be carried from one to the other.
  const [audience, ...others] = [aud].flat();
  if (others.length > 0 || !audiences.some((name) => name === audience)) {
    return `its aud is ${shown(aud)}, and not ${audiences[0]} alone`;
  }
  if (!isTime(exp)) return 'it has no exp in seconds';
  if (exp <= now) return 'it has expired';
  if (exp > now + longestLife) return `it expires in ${exp - now} seconds, and at most ${longestLife} are accepted`;
  const early = Object.entries({ nbf, iat }).find(
    ([, time]) => time !== undefined && !(isTime(time) && time <= now + tolerance),
  );
  return early && `its ${early[0]} is in the future, or no number of seconds`;
}

/** RFC 7515 §4.1.9: `application/` may be left out, and case does not count. */
function withoutPrefix(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
}
