import { signingAlgorithms } from '@tessera/protocol';
import { profileNames } from '@tessera/resource-model';
import { endpointNames } from '@tessera/token-server';
import { readyMade } from '../configuration/file-items.js';
import { describe } from './descriptions.js';
import type { Docstrings } from './docstrings.js';
import { type JsonSchema, listOf, reference } from './json-schema.js';

/** The file itself: its sections and lists. */
export function fileObject(docs: Docstrings): JsonSchema {
  const on = (): JsonSchema => ({ type: 'boolean', default: true });
  return {
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      issuer: { type: 'string', format: 'uri', pattern: '^https?://[^?#]+$' },
      profile: { type: 'string', enum: [...profileNames] },
      signingAlgorithms: {
        type: 'array',
        items: { type: 'string', enum: [...signingAlgorithms] },
        minItems: 1,
        default: ['RS256'],
      },
      requirePushedAuthorization: { type: 'boolean', default: false },
      endpoints: describe(
        'Endpoints',
        {
          type: 'object',
          properties: Object.fromEntries(endpointNames.map((name) => [name, on()])),
          additionalProperties: false,
        },
        docs,
      ),
      keys: reference('KeyRules'),
      sessions: reference('SessionRules'),
      authenticationLevels: { ...listOf('AuthenticationLevel'), default: [] },
      mtls: reference('MtlsRules'),
      dpop: reference('DpopRules'),
      outgoing: reference('OutgoingRules'),
      registration: reference('RegistrationRules'),
      clientIdMetadataDocuments: reference('ClientIdDocumentRules'),
      trustedIssuers: { ...listOf('TrustedIssuer'), default: [] },
      pages: reference('PagesOptions'),
      identityResources: {
        type: 'array',
        items: { anyOf: [{ type: 'string', enum: Object.keys(readyMade) }, reference('IdentityResource')] },
        default: [],
      },
      apiScopes: { ...listOf('ApiScope'), default: [] },
      apiResources: { ...listOf('ApiResource'), default: [] },
      authorizationDetailTypes: { ...listOf('AuthorizationDetailType'), default: [] },
      clients: { ...listOf('Client'), default: [] },
      users: { ...listOf('User'), default: [] },
    },
    required: ['issuer'],
    additionalProperties: false,
  };
}
