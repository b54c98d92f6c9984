import { passwordHashBeginnings } from '@tessera/resource-model';
import { keptSecretSources } from '../configuration/kept-secret.js';
import { datePattern, secretSources } from '../configuration/secret-entry.js';
import { type JsonSchema, listOf, reference } from './json-schema.js';

/** Where the class alone does not say how it is written down in a file. */
export const additions: Readonly<Record<string, Record<string, JsonSchema>>> = {
  ApiResource: { apiSecrets: listOf('Secret') },
  AuthenticationLevel: {
    ways: {
      type: 'array',
      minItems: 1,
      items: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
    },
  },
  Client: {
    clientSecrets: listOf('Secret'),
    assertionSecret: keptSecret(),
    claims: listOf('Claim'),
    tokenExchange: reference('TokenExchangeRules'),
  },
  OutgoingRules: { certificateAuthorities: authorities() },
  MtlsRules: {
    certificateAuthorities: authorities(),
    certificate: {
      anyOf: [
        { type: 'string', enum: ['socket'] },
        {
          type: 'object',
          properties: { header: { type: 'string', minLength: 1 } },
          required: ['header'],
          additionalProperties: false,
        },
      ],
    },
  },
  RegistrationRules: {
    initialAccessTokens: listOf('InitialAccessToken'),
    policy: reference('ClientPolicy'),
    softwareStatements: reference('SoftwareStatementRules'),
  },
  InitialAccessToken: { secret: reference('Secret'), policy: reference('ClientPolicy') },
  SoftwareStatementRules: { issuers: listOf('StatementIssuer') },
  ClientIdDocumentRules: { policy: reference('ClientPolicy') },
  User: { password: { type: 'string', minLength: 1 } },
};

/** Rules of our own, and some that the library puts differently. */
export const additionalConverters = {
  isRedirectUri: { type: 'string', format: 'uri', pattern: '^[^#*]+$' },
  isPasswordHash: { pattern: passwordHashBeginnings },
  isDistinguishedName: { type: 'string', minLength: 1 },
  isCertificateHost: { type: 'string', minLength: 1 },
  isIpAddress: { type: 'string', minLength: 1 },
  isNetwork: { type: 'string', minLength: 1 },
  isCertificateSource: {},
  isWording: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 } },
    ],
  },
  isTextMap: { type: 'object', additionalProperties: { type: 'string' } },
  isEncryptionKey: { type: 'object', required: ['kty'] },
  isKeySet: {
    type: 'object',
    properties: { keys: { type: 'array', maxItems: 50, items: { type: 'object', required: ['kty'] } } },
    required: ['keys'],
  },
  isScopeMap: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  isOrigin: { type: 'string', pattern: '^https?://[^/?#]+$' },
  isUrl: { type: 'string', format: 'uri', pattern: '^https?://' },
  min: ({ constraints }: { constraints: unknown[] }) => ({ minimum: constraints[0] }),
  max: ({ constraints }: { constraints: unknown[] }) => ({ maximum: constraints[0] }),
};

/** Certificates as text, or in files. */
function authorities(): JsonSchema {
  const text = { type: 'string', minLength: 1 };
  const file = { type: 'object', properties: { file: text }, required: ['file'], additionalProperties: false };
  return { type: 'array', items: { anyOf: [text, file] } };
}

/** A secret that is kept as it is: the text, or where it is. */
function keptSecret(): JsonSchema {
  const text = { type: 'string', minLength: 1 };
  const sources = Object.fromEntries(keptSecretSources.map((source) => [source, text]));
  const object = {
    type: 'object',
    properties: sources,
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
  };
  return { anyOf: [{ type: 'string', minLength: 32 }, object] };
}

/** A secret of which a hash is kept. */
export function secretEntry(): JsonSchema {
  const text = { type: 'string', minLength: 1 };
  return {
    type: 'object',
    description: 'A secret: where it comes from, and how long it works.',
    properties: {
      sha256: { type: 'string', pattern: '^[A-Za-z0-9+/]{43}=$' },
      sha512: { type: 'string', pattern: '^[A-Za-z0-9+/]{86}==$' },
      plain: text,
      env: text,
      file: text,
      description: { type: 'string' },
      expiration: {
        anyOf: [
          { type: 'string', pattern: datePattern.source },
          { type: 'integer', minimum: 1 },
        ],
      },
    },
    oneOf: secretSources.map((source) => ({ required: [source] })),
    additionalProperties: false,
  };
}
