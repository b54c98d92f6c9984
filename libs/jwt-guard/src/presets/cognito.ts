import type { AudienceIssuerOptions } from '../options/jwt-guard.options.js';
import { checkedText } from './checked-text.js';

/** What a Cognito user pool needs to be trusted. */
export interface CognitoPreset {
  /** Such as `eu-central-1`. */
  region: string;
  /** Such as `eu-central-1_aBcDeFgHi`. */
  userPoolId: string;
  /** The app clients whose tokens are accepted: what other issuers say by `aud`. */
  clientIds: string | readonly string[];
}

/**
 * The access tokens of a user pool of Amazon Cognito.
 *
 * - They have no `aud` (unless the client asked for one by a resource parameter): that they are for this API follows from the app
 *   client in `client_id`. Whoever has two APIs in one pool tells them apart by scopes (`@RequireScopes('orders/read')`).
 * - The header has no `typ`. `token_use` must be `access`: that of an id_token is `id`.
 * - The groups of a person (`cognito:groups`) are roles.
 * - People who sign in by the user pool's own API, and not by its OAuth endpoints, get the scope `aws.cognito.signin.user.admin` alone.
 */
export function cognito({ region, userPoolId, clientIds }: CognitoPreset): AudienceIssuerOptions {
  const place = checkedText(
    'cognito().region',
    region,
    /^[a-z]{2}(?:-[a-z]+)+-\d+$/,
    "the region, such as 'eu-central-1'",
  );
  const inPlace = new RegExp(`^${place}_[A-Za-z0-9]+$`);
  const pool = checkedText(
    'cognito().userPoolId',
    userPoolId,
    inPlace,
    `the ID of a pool of this region, such as '${place}_aBcDeFgHi'`,
  );
  return {
    issuer: `https://cognito-idp.${place}.amazonaws.com/${pool}`,
    audience: clientIds,
    algorithms: ['RS256'],
    tokenType: 'any',
    accessTokenMarks: { token_use: 'access' },
    claimNames: { audience: 'client_id', roles: 'cognito:groups' },
  };
}
