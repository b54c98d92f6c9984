import type { AudienceIssuerOptions, RequiredClaim } from '../options/jwt-guard.options.js';

/** What calls from Google service accounts need to be trusted. */
export interface GooglePreset {
  /** What callers ask a token for; usually the URL of this API. */
  audience: string | readonly string[];
  /** Who may call: the e-mail addresses or the unique IDs of service accounts. An ID is never given to another account, an address may be. */
  serviceAccounts: readonly [string, ...string[]];
}

/**
 * Calls from service accounts of Google Cloud: Cloud Run, Cloud Functions, Compute Engine, Cloud Scheduler, Pub/Sub push.
 *
 * Google has no access tokens for APIs of others: its access tokens are opaque and for Google's own APIs, and no guard can check them. What
 * a service sends to an API is an id_token that Google signed for the audience the service asked for. This preset accepts those, and they
 * are no more than a name: they have no scopes and no roles.
 *
 * - Everybody with a Google Cloud project can get a token for any audience. Only `serviceAccounts` says who may call.
 * - The caller is subject and client at once (`sub`, its unique ID).
 * - An address is believed only as `email_verified`; it is in the token where the caller asked for it (`includeEmail`, `format=full`).
 * - The id_token of a person who signed in (`nonce`, `at_hash`) is refused: it is for the page that asked for it.
 */
export function google({ audience, serviceAccounts }: GooglePreset): AudienceIssuerOptions {
  if (!Array.isArray(serviceAccounts) || serviceAccounts.length === 0 || !serviceAccounts.every(isName)) {
    throw new TypeError(
      `google().serviceAccounts: ${JSON.stringify(serviceAccounts)} was given; give a list of the e-mail addresses or unique IDs of those who may call.`,
    );
  }
  const isCaller: RequiredClaim = (sub, { email, email_verified: isVerified }) =>
    serviceAccounts.includes(sub as string) || (isVerified === true && serviceAccounts.includes(email as string));
  return {
    issuer: 'https://accounts.google.com',
    audience,
    algorithms: ['RS256'],
    tokenType: 'any',
    accessTokenMarks: { sub: isCaller },
    claimNames: { clientId: 'sub' },
  };
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && /^(?:\d+|[^@\s]+@[^@\s]+)$/.test(value);
}
