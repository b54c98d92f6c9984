import type { AudienceIssuerOptions, TrustedIssuerOptions } from '../options/jwt-guard.options.js';
import { checkedText } from './checked-text.js';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const tenantAdvice =
  "the directory (tenant) ID in lower case, such as '11111111-2222-3333-4444-555555555555'; 'common', 'organizations' and domains never stand in a token";

/** What an Entra ID tenant needs to be trusted. */
export interface EntraIdPreset {
  /** The directory (tenant) ID. */
  tenantId: string;
  /** Version 2: the application (client) ID of this API. Version 1: its application ID URI (`api://…`), or that ID. */
  audience: string | readonly string[];
  /** The `ver` of the tokens, which is the API's choice and not that of its clients. Default 2. */
  version?: 1 | 2;
}

/** What the tenants of an API for many need to be trusted. */
export interface EntraIdTenantsPreset extends Omit<EntraIdPreset, 'tenantId'> {
  /** Whether a tenant is a customer. Every tenant of Microsoft can get tokens for a multi-tenant API: to trust all of them is to have no door. */
  isTrusted: (tenantId: string) => boolean | Promise<boolean>;
}

/**
 * The access tokens that Microsoft Entra ID issues for an API of one tenant.
 *
 * - Set `requestedAccessTokenVersion: 2` (in older manifests `accessTokenAcceptedVersion`) in the manifest of the API's app
 *   registration. Without it the tokens are of version 1, whichever endpoint a client used: `iss` is `https://sts.windows.net/{tenant}/`, the client stands in `appid`.
 * - Version 2: `iss` is `https://login.microsoftonline.com/{tenant}/v2.0`, `aud` the client ID of the API, the client stands in `azp`.
 * - The header says `JWT`, as that of an id_token does. An id_token names no client, and that is how it is told apart, also where a page
 *   and its API share one app registration and so one audience.
 * - `scp` is what a client may do for a person (`@RequireScopes()`). `roles` are the app roles of the person, or, where no person takes part,
 *   the application permissions of the client; ask for a role on every route that a client may call by itself.
 * - `sub` differs from app to app. Who needs one name of a person everywhere takes `oid` together with `tid`.
 */
export function entraId({ tenantId, audience, version = 2 }: EntraIdPreset): AudienceIssuerOptions {
  const tenant = checkedText('entraId().tenantId', tenantId, guid, tenantAdvice);
  if (version !== 1 && version !== 2) {
    throw new TypeError(`entraId().version: ${JSON.stringify(version)} was given; give 1 or 2.`);
  }
  return {
    ...versions[version](tenant),
    audience,
    algorithms: ['RS256'],
    tokenType: 'any',
    accessTokenMarks: { tid: tenant, ver: `${version}.0` },
    claimNames: { clientId: version === 2 ? 'azp' : 'appid', scope: 'scp' },
  };
}

/**
 * For `resolveIssuer`: the access tokens of an API for many tenants, each held against its own issuer. `isTrusted` looks the tenant up in the
 * list of customers; its answer is kept for `resolvedLifetime`.
 */
export function entraIdTenants({
  isTrusted,
  ...preset
}: EntraIdTenantsPreset): (issuer: string) => Promise<TrustedIssuerOptions | undefined> {
  return async (issuer) => {
    const tenantId = /[0-9a-f-]{36}/.exec(issuer)?.[0] ?? '';
    if (!guid.test(tenantId)) return undefined;
    const options = entraId({ ...preset, tenantId });
    return options.issuer === issuer && (await isTrusted(tenantId)) === true ? options : undefined;
  };
}

const versions: Record<1 | 2, (tenant: string) => Pick<TrustedIssuerOptions, 'issuer' | 'jwksUri'>> = {
  // The issuer of version 1 is a name more than an address: its keys are where the tenant signs in.
  1: (tenant) => ({
    issuer: `https://sts.windows.net/${tenant}/`,
    jwksUri: `https://login.microsoftonline.com/${tenant}/discovery/keys`,
  }),
  2: (tenant) => ({ issuer: `https://login.microsoftonline.com/${tenant}/v2.0` }),
};
