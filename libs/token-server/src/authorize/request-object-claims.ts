// What the claims of a request object must say of the object itself, in the order in which it is looked at: the first rule that fails is what the
// client is told.
import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';

export type Claims = Readonly<Record<string, unknown>>;

/** What the claims are held against. */
interface Expected {
  readonly client: Client;
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly now: number;
}

/** One thing that a request object must say of itself. */
export interface ClaimRule {
  readonly claim: string;
  readonly rule: string;
  /** What is wrong, for the client; undefined where nothing is. */
  readonly fault: (claims: Claims, expected: Expected) => string | undefined;
}

/** Seconds that an object may lie back, and that it may count (FAPI 2.0 Message Signing §5.3.1). */
const longestLife = 3600;

/** Seconds that the clock of a client may be ahead (FAPI 2.0 Security Profile §5.3.2.1: more than 10, less than 60). */
const leeway = 30;

/** What holds for every request object, whatever is asked for in it. */
export const objectRules: readonly ClaimRule[] = [
  { claim: 'request, request_uri', rule: 'RFC 9101 §4: none within another', fault: nestedFault },
  { claim: 'iss', rule: 'OpenID Connect Core §6.1: the client', fault: issuerFault },
  { claim: 'sub', rule: 'RFC 9101 §10.8: no object passes for a client assertion', fault: subjectFault },
  { claim: 'aud', rule: 'RFC 9101 §4: this server', fault: audienceFault },
  { claim: 'nbf, exp', rule: 'FAPI 2.0 Message Signing §5.3.1: required where the client says so', fault: boundsFault },
  { claim: 'iat, nbf, exp', rule: 'RFC 7519 §4.1: numbers of seconds', fault: timeFault },
  { claim: 'iat, nbf', rule: 'RFC 7519 §4.1.5 and §4.1.6: not in the future', fault: beginFault },
  { claim: 'nbf, exp', rule: 'FAPI 2.0 Message Signing §5.3.1: not longer than an hour', fault: lifeFault },
  { claim: 'exp', rule: 'RFC 7519 §4.1.4: not over', fault: endFault },
  { claim: 'jti', rule: 'RFC 7519 §4.1.7: text, and with an end, for it counts once', fault: idFault },
];

/** What holds for authorize requests. */
export const authorizeRules: readonly ClaimRule[] = [
  { claim: 'client_id', rule: 'RFC 9101 §5: that of the request', fault: clientFault },
  ...objectRules,
];

/** @throws OAuthError `invalid_request_object` */
export function checkClaims(claims: Claims, expected: Expected, rules = authorizeRules): void {
  for (const { fault } of rules) {
    const found = fault(claims, expected);
    if (found !== undefined) throw new OAuthError('invalid_request_object', `In the request object ${found}`);
  }
}

function nestedFault({ request, request_uri: requestUri }: Claims): string | undefined {
  return request === undefined && requestUri === undefined ? undefined : 'there must be no request or request_uri.';
}

function clientFault({ client_id: clientId }: Claims, { client }: Expected): string | undefined {
  return clientId === client.clientId ? undefined : 'client_id must be that of the client which sends it.';
}

function issuerFault({ iss }: Claims, { client }: Expected): string | undefined {
  return iss === undefined || iss === client.clientId ? undefined : 'iss must be the client_id.';
}

function subjectFault({ sub }: Claims, { client }: Expected): string | undefined {
  return sub === client.clientId ? 'sub must not be the client_id: it is no client assertion.' : undefined;
}

function audienceFault({ aud }: Claims, { client, issuer }: Expected): string | undefined {
  if (aud === undefined && !client.requireRequestObjectBounds) return undefined;
  return [aud].flat().includes(issuer) ? undefined : `aud must be, or contain, the issuer '${issuer}'.`;
}

function boundsFault({ nbf, exp }: Claims, { client }: Expected): string | undefined {
  if (!client.requireRequestObjectBounds || (nbf !== undefined && exp !== undefined)) return undefined;
  return 'nbf and exp must say from when to when it counts.';
}

function timeFault({ iat, nbf, exp }: Claims): string | undefined {
  const times = [iat, nbf, exp].filter((time) => time !== undefined);
  return times.every((time) => Number.isFinite(time)) ? undefined : 'iat, nbf and exp must be seconds since 1970.';
}

function beginFault({ iat, nbf }: Claims, { now }: Expected): string | undefined {
  const isAhead = [iat, nbf].some((time) => typeof time === 'number' && time > now + leeway);
  return isAhead ? 'iat and nbf must not be in the future.' : undefined;
}

function lifeFault({ nbf, exp }: Claims, { now }: Expected): string | undefined {
  if (typeof nbf === 'number' && nbf < now - longestLife) return `nbf must not be older than ${longestLife} seconds.`;
  const begin = typeof nbf === 'number' ? nbf : now;
  if (typeof exp !== 'number' || exp - begin <= longestLife) return undefined;
  return `exp must be at most ${longestLife} seconds after nbf, or from now where there is none.`;
}

function endFault({ exp }: Claims, { now }: Expected): string | undefined {
  return typeof exp === 'number' && exp <= now ? 'exp says that it has expired.' : undefined;
}

function idFault({ jti, exp }: Claims): string | undefined {
  if (jti === undefined) return undefined;
  if (typeof jti !== 'string' || jti === '') return 'jti must be text.';
  return exp === undefined ? 'exp is missing: jti counts once, until then.' : undefined;
}
