import { TokenTypes } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { Assertion } from './assertion.js';

/** Seconds that clocks may differ: enough for real ones, and what FAPI 2.0 Security Profile §5.3.2.1 allows. */
export const tolerance = 30;

/** Seconds from now to `exp` at the most: an assertion is made for one request. */
const longestLife = 600;

/** What is checked against. */
interface Here {
  /** Seconds since 1970. */
  readonly now: number;
  readonly issuer: string;
  /** The addresses of the endpoints, as older clients name them. */
  readonly endpoints: ReadonlySet<string>;
}

type Rule = (assertion: Assertion, client: Client, here: Here) => string | undefined;

/** In this order; what the first of them finds is told. */
const rules: readonly Rule[] = [type, algorithm, parties, audience, expiration, beginnings, identifier];

/** Why what the assertion says does not authenticate the client, whoever signed it; undefined: it does. */
export function assertionFault(assertion: Assertion, client: Client, here: Here): string | undefined {
  for (const rule of rules) {
    const fault = rule(assertion, client, here);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** RFC 10070 §4, RFC 8725 §3.11: no other kind of JWT is an assertion. Those that say nothing are older. */
function type({ header: { typ } }: Assertion, client: Client): string | undefined {
  if (typeof typ === 'string' && typ.toLowerCase() === TokenTypes.clientAssertion) return undefined;
  const isUntyped = typ === undefined || (typeof typ === 'string' && typ.toLowerCase() === 'jwt');
  if (isUntyped && !client.requireAssertionType) return undefined;
  return `the typ of the assertion is ${shown(typ)}, and not ${TokenTypes.clientAssertion}`;
}

/** RFC 8725 §3.1: the algorithm that was agreed upon, where one was. */
function algorithm({ algorithm: alg }: Assertion, { tokenEndpointAuthSigningAlg: agreed }: Client) {
  if (agreed === undefined || agreed === alg) return undefined;
  return `the assertion is signed with ${shown(alg)}, and not with ${agreed}`;
}

/** RFC 7523 §3 (1) and (2)(B): the client speaks of itself. */
function parties({ claims: { iss, sub } }: Assertion, { clientId }: Client): string | undefined {
  if (iss === clientId && sub === clientId) return undefined;
  return `iss of the assertion is ${shown(iss)} and sub ${shown(sub)}, and both must be the client_id`;
}

/** RFC 10070 §4: the issuer alone, so that no other server can have had it made for here. RFC 7523 §3 (3) left it open. */
function audience({ claims: { aud } }: Assertion, client: Client, { issuer, endpoints }: Here): string | undefined {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (client.requireAudienceText && aud !== issuer)
    return `aud of the assertion is ${shown(aud)}, and not the issuer as text`;
  if (audiences.length === 1 && audiences[0] === issuer) return undefined;
  const names = (value: unknown) => value === issuer || (typeof value === 'string' && endpoints.has(value));
  if (client.allowEndpointAudiences && audiences.some(names)) return undefined;
  return `aud of the assertion is ${shown(aud)}, and not the issuer alone (${issuer})`;
}

/** RFC 7523 §3 (4). */
function expiration({ claims: { exp } }: Assertion, _client: Client, { now }: Here): string | undefined {
  if (!isTime(exp)) return 'the assertion has no exp in seconds';
  if (exp <= now - tolerance) return `the assertion expired ${now - exp} seconds ago`;
  if (exp > now + longestLife + tolerance) {
    return `the assertion expires in ${exp - now} seconds, and at most ${longestLife} are accepted`;
  }
  return undefined;
}

/** RFC 7523 §3 (5) and (6). */
function beginnings({ claims: { nbf, iat } }: Assertion, _client: Client, { now }: Here): string | undefined {
  for (const [name, time] of Object.entries({ nbf, iat })) {
    if (time === undefined) continue;
    if (!isTime(time)) return `${name} of the assertion is not a number of seconds`;
    if (time > now + tolerance) return `${name} of the assertion is ${time - now} seconds ahead`;
  }
  return undefined;
}

/** RFC 7523 §3 (7), OpenID Connect Core §9: required, because the assertion counts once. */
function identifier({ claims: { jti } }: Assertion): string | undefined {
  return typeof jti === 'string' && jti !== '' ? undefined : 'the assertion has no jti';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200);
}
