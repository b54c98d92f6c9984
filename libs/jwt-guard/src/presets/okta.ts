import type { AudienceIssuerOptions } from '../options/jwt-guard.options.js';
import { checkedText, hostShape } from './checked-text.js';

/** What a custom authorization server of Okta needs to be trusted. */
export interface OktaPreset {
  /** `company.okta.com`, or the custom domain where clients use it. */
  domain: string;
  /** Default `default`, the custom authorization server that an org comes with. */
  authorizationServerId?: string;
  /** The audience of the authorization server's settings, such as `api://default`. */
  audience: string | readonly string[];
  /** Where roles stand, where the authorization server adds them by a claim of its own. Default `groups`. */
  rolesClaim?: string;
}

/**
 * The access tokens of a custom authorization server of Okta (API Access Management).
 *
 * - Those of the org's own authorization server (`https://company.okta.com`) are for Okta's APIs alone; nobody else can check them.
 * - The client stands in `cid`, the scopes are a list in `scp`. The header has no `typ`. An id_token has no `cid`.
 * - `sub` is the login of a person, which may change; `uid` is the person's lasting ID.
 */
export function okta({
  domain,
  authorizationServerId = 'default',
  audience,
  rolesClaim = 'groups',
}: OktaPreset): AudienceIssuerOptions {
  const host = checkedText('okta().domain', domain, hostShape, "the domain alone, such as 'company.okta.com'");
  const server = checkedText(
    'okta().authorizationServerId',
    authorizationServerId,
    /^\w+$/,
    "the ID alone, such as 'default'",
  );
  return {
    issuer: `https://${host}/oauth2/${server}`,
    audience,
    algorithms: ['RS256'],
    tokenType: 'any',
    claimNames: { clientId: 'cid', scope: 'scp', roles: [rolesClaim] },
  };
}
