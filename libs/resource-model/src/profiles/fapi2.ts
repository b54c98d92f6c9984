import { FlowTypes, GrantTypes, type SigningAlgorithm } from '@tessera/protocol';
import { isBound, isOneOf, isPublic, oauth21, usesBrowser } from './oauth21.js';
import type { ProfileRule, ProfileSubject } from './profile.js';

/** FAPI 2.0 Security Profile §5.4.1: EdDSA here is Ed25519. */
export const fapiAlgorithms: readonly SigningAlgorithm[] = ['PS256', 'ES256', 'EdDSA'];
const strongMethods: readonly unknown[] = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];
const section = 'FAPI 2.0 Security Profile';

/** FAPI 2.0 Security Profile (final), as far as settings decide it. */
export const fapi2Security: readonly ProfileRule[] = [
  ...oauth21.filter(({ property }) => property !== 'refreshTokenUsage'),
  {
    source: `${section} §5.3.2.1`,
    rule: 'The client can keep a key: it is confidential.',
    property: 'requireClientSecret',
    holds: ({ client }) => !isPublic(client),
    mend: 'requireClientSecret: true',
  },
  {
    source: `${section} §5.3.2.1`,
    rule: 'It authenticates by private_key_jwt or by a certificate.',
    property: 'tokenEndpointAuthMethod',
    holds: ({ client }) => strongMethods.includes(client.tokenEndpointAuthMethod),
    mend: 'tokenEndpointAuthMethod: private_key_jwt, tls_client_auth or self_signed_tls_client_auth',
  },
  {
    source: `${section} §5.3.2.1`,
    rule: 'Its assertions name the issuer as their sole audience.',
    property: 'allowEndpointAudiences',
    holds: ({ client }) => !client.allowEndpointAudiences,
    mend: 'allowEndpointAudiences: false',
  },
  {
    source: `${section} §5.3.2.1`,
    rule: 'This audience is text, and no list.',
    property: 'requireAudienceText',
    holds: ({ client }) => client.tokenEndpointAuthMethod !== 'private_key_jwt' || client.requireAudienceText,
    mend: 'requireAudienceText: true',
  },
  {
    source: `${section} §5.3.2.1`,
    rule: 'Its access tokens are bound to a key, by DPoP or by its certificate.',
    property: 'requireDpop',
    holds: ({ client }) => isBound(client),
    mend: 'requireDpop: true or tlsClientCertificateBoundAccessTokens: true',
  },
  {
    source: `${section} §5.3.2.1`,
    rule: 'Refresh tokens are not rotated.',
    property: 'refreshTokenUsage',
    holds: ({ client }) => !client.allowOfflineAccess || client.refreshTokenUsage === 'reUse',
    mend: 'refreshTokenUsage: reUse',
  },
  {
    source: `${section} §5.3.2.2`,
    rule: 'Authorize requests are pushed.',
    property: 'requirePushedAuthorization',
    holds: ({ client }) => !usesBrowser(client) || client.requirePushedAuthorization,
    mend: 'requirePushedAuthorization: true',
  },
  {
    source: `${section} §5.3.2.2`,
    rule: "The answer of the authorize endpoint is a code: response_type 'code' alone.",
    property: 'allowedGrantTypes',
    holds: ({ client }) =>
      ![FlowTypes.implicit, FlowTypes.hybrid].some((flow) => client.allowedGrantTypes.includes(flow)),
    mend: `allowedGrantTypes with '${GrantTypes.authorizationCode}' in the place of 'hybrid' and 'implicit'`,
  },
  {
    source: `${section} §5.3.2.1`,
    rule: 'Authorization codes live for 60 seconds at most.',
    property: 'authorizationCodeLifetime',
    holds: ({ client }) => !usesBrowser(client) || client.authorizationCodeLifetime <= 60,
    mend: 'authorizationCodeLifetime: 60',
  },
  {
    source: `${section} §5.4.1`,
    rule: 'id_tokens are signed by PS256, ES256 or EdDSA.',
    property: 'allowedIdentityTokenSigningAlgorithms',
    holds: (subject) => signsStrongly(subject),
    mend: 'allowedIdentityTokenSigningAlgorithms: [PS256, ES256, EdDSA], and a key for one of them among the signingAlgorithms of the server',
  },
  {
    source: `${section} §5.4.1`,
    rule: 'The client signs by PS256, ES256 or EdDSA.',
    property: 'tokenEndpointAuthSigningAlg',
    holds: ({ client }) =>
      client.tokenEndpointAuthMethod !== 'private_key_jwt' ||
      isOneOf(client.tokenEndpointAuthSigningAlg, fapiAlgorithms),
    mend: 'tokenEndpointAuthSigningAlg: PS256, ES256 or EdDSA',
  },
  {
    source: `${section} §5.4.1`,
    rule: 'What userinfo answers is signed by PS256, ES256 or EdDSA, where it is signed.',
    property: 'userinfoSignedResponseAlg',
    holds: ({ client: { userinfoSignedResponseAlg: alg } }) => alg === undefined || isOneOf(alg, fapiAlgorithms),
    mend: 'userinfoSignedResponseAlg: PS256, ES256 or EdDSA, or none',
  },
  {
    source: `${section} §5.4.1`,
    rule: 'What introspection answers is signed by PS256, ES256 or EdDSA, where the client names an algorithm.',
    property: 'introspectionSignedResponseAlg',
    holds: ({ client: { introspectionSignedResponseAlg: alg } }) => alg === undefined || isOneOf(alg, fapiAlgorithms),
    mend: 'introspectionSignedResponseAlg: PS256, ES256 or EdDSA, or none',
  },
  ...(
    [
      ['requestObjectSigningAlg', 'Request objects are signed'],
      ['authorizationSignedResponseAlg', 'Answers of the authorize endpoint are signed'],
      ['backchannelAuthenticationRequestSigningAlg', 'Requests in the back channel are signed'],
    ] as const
  ).map(([property, signed]): ProfileRule => ({
    source: `${section} §5.4.1`,
    rule: `${signed} by PS256, ES256 or EdDSA, where the client names an algorithm.`,
    property,
    holds: ({ client: { [property]: alg } }) => alg === undefined || isOneOf(alg, fapiAlgorithms),
    mend: `${property}: PS256, ES256 or EdDSA, or none`,
  })),
  {
    source: `${section} §5.4.1`,
    rule: 'DPoP proofs are signed by PS256, ES256 or EdDSA.',
    property: 'requireDpop',
    holds: ({ client, dpopAlgorithms }) =>
      !client.requireDpop || dpopAlgorithms.every((one) => fapiAlgorithms.includes(one)),
    mend: 'dpop.algorithms of the server: PS256, ES256 and EdDSA, or fewer',
  },
];

function signsStrongly({ client, signingAlgorithms }: ProfileSubject): boolean {
  const allowed = client.allowedIdentityTokenSigningAlgorithms;
  const used = allowed.length > 0 ? allowed : signingAlgorithms.slice(0, 1);
  return used.every((one) => fapiAlgorithms.includes(one)) && used.some((one) => signingAlgorithms.includes(one));
}

const messages = 'FAPI 2.0 Message Signing';

/** FAPI 2.0 Message Signing (final): all of its parts. */
export const fapi2MessageSigning: readonly ProfileRule[] = [
  ...fapi2Security,
  {
    source: `${messages} §5.3.1`,
    rule: 'Authorize requests are signed.',
    property: 'requireRequestObject',
    holds: ({ client }) => !usesBrowser(client) || client.requireRequestObject,
    mend: 'requireRequestObject: true',
  },
  {
    source: `${messages} §5.3.1`,
    rule: 'Request objects say for whom and when they are: aud, nbf and exp, at most an hour.',
    property: 'requireRequestObjectBounds',
    holds: ({ client }) => !usesBrowser(client) || client.requireRequestObjectBounds,
    mend: 'requireRequestObjectBounds: true',
  },
  {
    source: `${messages} §5.3.1, ${section} §5.4.1`,
    rule: 'They are signed by PS256, ES256 or EdDSA.',
    property: 'requestObjectSigningAlg',
    holds: ({ client }) => !usesBrowser(client) || isOneOf(client.requestObjectSigningAlg, fapiAlgorithms),
    mend: 'requestObjectSigningAlg: PS256, ES256 or EdDSA',
  },
  {
    source: `${messages} §5.4.1`,
    rule: 'Answers of the authorize endpoint are signed (JARM).',
    property: 'requireSignedAuthorizationResponse',
    holds: ({ client }) => !usesBrowser(client) || client.requireSignedAuthorizationResponse,
    mend: 'requireSignedAuthorizationResponse: true',
  },
  {
    source: `${messages} §5.4.1, ${section} §5.4.1`,
    rule: 'These answers are signed by PS256, ES256 or EdDSA.',
    property: 'authorizationSignedResponseAlg',
    holds: ({ client, signingAlgorithms }) =>
      !usesBrowser(client) ||
      (isOneOf(client.authorizationSignedResponseAlg, fapiAlgorithms) &&
        signingAlgorithms.some((one) => one === client.authorizationSignedResponseAlg)),
    mend: 'authorizationSignedResponseAlg: PS256, ES256 or EdDSA, of which the server has a key',
  },
];
