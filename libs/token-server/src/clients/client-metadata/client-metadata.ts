// What a client says of itself on the wire (RFC 7591 §2, OpenID Connect Registration §2) and what it is here: one table, read in both directions.
// A member that is not in it is passed over (RFC 7591 §2).
import type { Client, ClientInit } from '@tessera/resource-model';
import { grantTypes, responseTypes, scope, tokenEndpointAuthMethod } from './flow-members.js';
import { refusedMember } from './metadata-error.js';
import {
  type ClientMetadata,
  kept,
  type MetadataContext,
  type MetadataMember,
  same,
  textOf,
} from './metadata-member.js';
import { postLogoutRedirectUris, redirectUris } from './redirect-uri-members.js';

const applicationType: MetadataMember = {
  ...kept('application_type'),
  read: (value, { policy }) => {
    if (value === undefined) return {};
    const type = policy.applicationTypes.find((one) => one === value);
    if (!type) throw refusedMember('application_type', `must be one of ${policy.applicationTypes.join(', ')}`);
    return { properties: { application_type: type } };
  },
};

const idTokenSignedResponseAlg: MetadataMember = {
  name: 'id_token_signed_response_alg',
  properties: ['allowedIdentityTokenSigningAlgorithms'],
  read: (value) => (value === undefined ? {} : { allowedIdentityTokenSigningAlgorithms: [value as never] }),
  write: ({ allowedIdentityTokenSigningAlgorithms: [algorithm] }) => algorithm,
};

/** Its claims have been read where it came from somebody who is trusted; here it is only kept. */
const softwareStatement: MetadataMember = {
  ...kept('software_statement'),
  read: (value, { isForMany }) =>
    typeof value === 'string' && !isForMany ? { properties: { software_statement: value } } : {},
};

/** OpenID Connect Registration §2: over https, since people are sent there. */
const initiateLoginUri: MetadataMember = {
  ...same('initiate_login_uri', 'initiateLoginUri', 'text'),
  read: (value) => {
    if (value === undefined) return {};
    const address = textOf('initiate_login_uri', value);
    if (!/^https:/i.test(address)) throw refusedMember('initiate_login_uri', 'must be an https URL');
    return { initiateLoginUri: address };
  },
};

export const clientMetadata: readonly MetadataMember[] = [
  applicationType,
  redirectUris,
  tokenEndpointAuthMethod,
  grantTypes,
  responseTypes,
  scope,
  same('client_name', 'clientName', 'text'),
  same('client_uri', 'clientUri', 'text'),
  same('logo_uri', 'logoUri', 'text'),
  same('tos_uri', 'tosUri', 'text'),
  same('policy_uri', 'policyUri', 'text'),
  same('contacts', 'contacts', 'list'),
  kept('software_id'),
  kept('software_version'),
  softwareStatement,
  same('subject_type', 'subjectType', 'text'),
  same('sector_identifier_uri', 'sectorIdentifierUri', 'text'),
  idTokenSignedResponseAlg,
  same('userinfo_signed_response_alg', 'userinfoSignedResponseAlg', 'text'),
  same('default_max_age', 'defaultMaxAge', 'number'),
  initiateLoginUri,
  postLogoutRedirectUris,
  same('jwks', 'jwks', 'object'),
  same('jwks_uri', 'jwksUri', 'text'),
  same('token_endpoint_auth_signing_alg', 'tokenEndpointAuthSigningAlg', 'text'),
  same('tls_client_auth_subject_dn', 'tlsClientAuthSubjectDn', 'text'),
  same('tls_client_auth_san_dns', 'tlsClientAuthSanDns', 'text'),
  same('tls_client_auth_san_uri', 'tlsClientAuthSanUri', 'text'),
  same('tls_client_auth_san_ip', 'tlsClientAuthSanIp', 'text'),
  same('tls_client_auth_san_email', 'tlsClientAuthSanEmail', 'text'),
  same('tls_client_certificate_bound_access_tokens', 'tlsClientCertificateBoundAccessTokens', 'flag'),
  same('dpop_bound_access_tokens', 'requireDpop', 'flag'),
  same('require_pushed_authorization_requests', 'requirePushedAuthorization', 'flag'),
  same('require_signed_request_object', 'requireRequestObject', 'flag'),
  same('request_object_signing_alg', 'requestObjectSigningAlg', 'text'),
  same('request_uris', 'requestUris', 'list'),
  same('id_token_encrypted_response_alg', 'idTokenEncryptedResponseAlg', 'text'),
  same('id_token_encrypted_response_enc', 'idTokenEncryptedResponseEnc', 'text'),
  same('userinfo_encrypted_response_alg', 'userinfoEncryptedResponseAlg', 'text'),
  same('userinfo_encrypted_response_enc', 'userinfoEncryptedResponseEnc', 'text'),
  same('authorization_signed_response_alg', 'authorizationSignedResponseAlg', 'text'),
  same('authorization_encrypted_response_alg', 'authorizationEncryptedResponseAlg', 'text'),
  same('authorization_encrypted_response_enc', 'authorizationEncryptedResponseEnc', 'text'),
  same('introspection_signed_response_alg', 'introspectionSignedResponseAlg', 'text'),
  same('introspection_encrypted_response_alg', 'introspectionEncryptedResponseAlg', 'text'),
  same('introspection_encrypted_response_enc', 'introspectionEncryptedResponseEnc', 'text'),
  same('frontchannel_logout_uri', 'frontChannelLogoutUri', 'text'),
  same('frontchannel_logout_session_required', 'frontChannelLogoutSessionRequired', 'flag'),
  same('backchannel_logout_uri', 'backChannelLogoutUri', 'text'),
  same('backchannel_logout_session_required', 'backChannelLogoutSessionRequired', 'flag'),
  same('backchannel_token_delivery_mode', 'backchannelTokenDeliveryMode', 'text'),
  same('backchannel_client_notification_endpoint', 'backchannelClientNotificationEndpoint', 'text'),
  same('backchannel_authentication_request_signing_alg', 'backchannelAuthenticationRequestSigningAlg', 'text'),
];

/** @throws OAuthError that names the member (RFC 7591 §3.2.2) */
export function readClientMetadata(context: MetadataContext): Partial<ClientInit> {
  const init: Partial<ClientInit> = {};
  for (const { name, read } of clientMetadata) {
    const { properties, ...others } = read(context.sent[name], context);
    Object.assign(init, others, properties && { properties: { ...init.properties, ...properties } });
  }
  return init;
}

/** What is registered of a client, as it is told to the client (RFC 7591 §3.2.1). */
export function writeClientMetadata(client: Client): ClientMetadata {
  const members = clientMetadata.map(({ name, write }) => [name, write(client)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** The name on the wire of what sets a property of a client. */
export function memberOf(property: string): string {
  const found = clientMetadata.find(({ properties }) => (properties as readonly string[]).includes(property));
  return found?.name ?? property;
}
