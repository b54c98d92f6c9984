import { OAuthError } from '@tessera/protocol';
import type { RequestedClaims } from '@tessera/resource-model';

/** What the `claims` parameter comes to. */
interface ReadClaims {
  readonly requestedClaims: RequestedClaims;
  /** The `sub` that is asked for: nobody else may be signed in (OpenID Connect Core §5.5.1). */
  readonly subject?: string;
  /** The `acr` values asked for, in order of preference (§5.5.1.1). */
  readonly contextClasses: readonly string[];
  /** Whether one of them must be reached. */
  readonly mustReach: boolean;
}

type Members = Readonly<
  Record<string, { readonly essential?: unknown; readonly value?: unknown; readonly values?: unknown } | null>
>;

/**
 * Reads the `claims` parameter (OpenID Connect Core §5.5). Claims that the client may not see, and members that nobody knows, are passed over
 * (§5.5: they must be ignored).
 * @throws OAuthError `invalid_request`
 */
export function readClaims(json: string, open: ReadonlySet<string>): ReadClaims {
  const claims = parse(json);
  const [idToken, userinfo] = [membersOf(claims, 'id_token'), membersOf(claims, 'userinfo')];
  const names = (members: Members) => Object.keys(members).filter((name) => open.has(name));
  const subject = idToken.sub?.value ?? userinfo.sub?.value;
  return {
    requestedClaims: { idToken: names(idToken), userinfo: names(userinfo) },
    subject: typeof subject === 'string' ? subject : undefined,
    contextClasses: contextClassesOf(idToken),
    mustReach: idToken.acr?.essential === true,
  };
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(json);
    if (isObject(claims)) return claims;
  } catch {
    // The answer is the same as for what is no object.
  }
  throw new OAuthError(
    'invalid_request',
    "claims must be a JSON object with 'userinfo' and 'id_token' (OpenID Connect Core §5.5).",
  );
}

function membersOf(claims: Readonly<Record<string, unknown>>, place: 'id_token' | 'userinfo'): Members {
  const members = Object.hasOwn(claims, place) ? (claims[place] ?? {}) : {};
  if (isObject(members) && Object.values(members).every((member) => member === null || isObject(member)))
    return members as Members;
  throw new OAuthError(
    'invalid_request',
    `claims.${place} must be an object whose members are null or objects (OpenID Connect Core §5.5.1).`,
  );
}

function contextClassesOf({ acr }: Members): readonly string[] {
  const values: readonly unknown[] = Array.isArray(acr?.values) ? acr.values : [acr?.value];
  return values.filter((value) => typeof value === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
