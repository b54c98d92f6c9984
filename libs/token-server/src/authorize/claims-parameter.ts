import { OAuthError } from '@tessera/protocol';
import type { RequestedClaims } from '@tessera/resource-model';

/** What the `claims` parameter comes to. */
interface ReadClaims {
  readonly requestedClaims: RequestedClaims;
  /** The `sub` that is asked for: nobody else may be signed in (OpenID Connect Core §5.5.1). */
  readonly subject?: string;
}

type Members = Readonly<
  Record<string, { readonly essential?: unknown; readonly value?: unknown; readonly values?: unknown } | null>
>;

/**
 * Reads the `claims` parameter (OpenID Connect Core §5.5). Claims that the client may not see, and members that nobody knows, are passed over
 * (§5.5: they must be ignored); an essential `acr` that cannot be had fails the request (§5.5.1.1).
 * @throws OAuthError `invalid_request`, `unmet_authentication_requirements`
 */
export function readClaims(json: string, open: ReadonlySet<string>): ReadClaims {
  const claims = parse(json);
  const [idToken, userinfo] = [membersOf(claims, 'id_token'), membersOf(claims, 'userinfo')];
  refuseEssentialContextClass(idToken);
  const names = (members: Members) => Object.keys(members).filter((name) => open.has(name));
  const subject = idToken.sub?.value ?? userinfo.sub?.value;
  return {
    requestedClaims: { idToken: names(idToken), userinfo: names(userinfo) },
    subject: typeof subject === 'string' ? subject : undefined,
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

/** No authentication context class is reached here, so one that must be cannot (OpenID Connect Core §5.5.1.1). */
function refuseEssentialContextClass({ acr }: Members): void {
  if (!acr || acr.essential !== true || (acr.value === undefined && acr.values === undefined)) return;
  throw new OAuthError(
    'unmet_authentication_requirements',
    'The acr that the claims parameter calls essential cannot be reached.',
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
