import { signingAlgorithms } from '@tessera/protocol';
import { PagesOptions } from '@tessera/pages';
import {
  ApiResource,
  ApiScope,
  AuthorizationDetailType,
  AuthenticationLevel,
  Claim,
  Client,
  ClientIdDocumentRules,
  ClientPolicy,
  DpopRules,
  IdentityResource,
  InitialAccessToken,
  KeyRules,
  MtlsRules,
  OutgoingRules,
  passwordHashBeginnings,
  profileNames,
  RegistrationRules,
  SessionRules,
  SoftwareStatementRules,
  StatementIssuer,
  TokenExchangeRules,
  TrustedIssuer,
  User,
} from '@tessera/resource-model';
import { endpointNames } from '@tessera/token-server';
import { getMetadataStorage } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { keptSecretSources } from '../configuration/kept-secret.js';
import { datePattern, secretSources } from '../configuration/secret-entry.js';
import { readyMade } from '../configuration/sts-file.js';
import type { Docstrings } from './docstrings.js';
import { ownDescriptions, sharedDescriptions } from './own-descriptions.js';

/** A JSON Schema (draft 7, which every editor reads), as far as this file uses it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  definitions?: Record<string, JsonSchema>;
}

const reference = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
const listOf = (name: string): JsonSchema => ({ type: 'array', items: reference(name) });

/** An object of each class as it is without anything said: where the defaults are read. */
const blanks: Readonly<Record<string, object>> = {
  IdentityResource: new IdentityResource(undefined as never, undefined as never),
  ApiScope: new ApiScope(undefined as never),
  ApiResource: new ApiResource(undefined as never),
  AuthorizationDetailType: new AuthorizationDetailType({} as never),
  Client: new Client({} as never),
  User: new User({} as never),
  Claim: new Claim(undefined as never, undefined),
  KeyRules: new KeyRules(),
  SessionRules: new SessionRules(),
  AuthenticationLevel: new AuthenticationLevel({} as never),
  MtlsRules: new MtlsRules(),
  DpopRules: new DpopRules(),
  OutgoingRules: new OutgoingRules(),
  RegistrationRules: new RegistrationRules(),
  ClientPolicy: new ClientPolicy(),
  InitialAccessToken: new InitialAccessToken({} as never),
  SoftwareStatementRules: new SoftwareStatementRules(),
  StatementIssuer: new StatementIssuer({} as never),
  ClientIdDocumentRules: new ClientIdDocumentRules(),
  TokenExchangeRules: new TokenExchangeRules(),
  TrustedIssuer: new TrustedIssuer({} as never),
  PagesOptions: new PagesOptions(),
};

/** Where the class alone does not say how it is written down in a file. */
const additions: Readonly<Record<string, Record<string, JsonSchema>>> = {
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
  MtlsRules: {
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
const additionalConverters = {
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

/** The schema of the configuration file, made from the rules, defaults and comments of the model's classes. */
export function configurationSchema(docstrings: Docstrings): JsonSchema {
  const generated = validationMetadatasToSchemas({
    classValidatorMetadataStorage: getMetadataStorage(),
    additionalConverters: additionalConverters as never,
  }) as Record<string, JsonSchema>;
  const definitions = Object.fromEntries(
    Object.entries(blanks).map(([name, blank]) => [name, definition(name, generated[name]!, blank, docstrings)]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of the Tessera token server',
    description: 'What STS_CONFIG names: by default sts.yaml.',
    ...describe('File', fileObject(docstrings), docstrings),
    definitions: { ...definitions, Secret: describe('Secret', secretEntry(), docstrings) },
  };
}

function definition(name: string, { properties, required }: JsonSchema, blank: object, docs: Docstrings): JsonSchema {
  const all: Record<string, JsonSchema> = { ...properties, ...additions[name] };
  const defaults = new Map(Object.entries(blank).filter(([, value]) => value !== undefined));
  // It follows from the name.
  const computed = name === 'ApiResource' ? ['scopes'] : [];
  for (const [property, value] of defaults) {
    if (!computed.includes(property)) all[property] = { ...all[property], default: value as unknown };
  }
  const needed = required?.filter((property) => !defaults.has(property)) ?? [];
  return describe(
    name,
    {
      type: 'object',
      description: docs.get(name),
      properties: all,
      ...(needed.length > 0 && { required: needed }),
      additionalProperties: false,
      ...(name === 'User' && { not: { required: ['password', 'passwordHash'] } }),
    },
    docs,
  );
}

/** Puts the description first in each property. */
function describe(name: string, schema: JsonSchema, docs: Docstrings): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([property, own]) => {
    const key = `${name}.${property}`;
    const description = ownDescriptions[key] ?? docs.get(key) ?? sharedDescriptions[property];
    return [property, description ? { description, ...own } : own] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
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

function secretEntry(): JsonSchema {
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

function fileObject(docs: Docstrings): JsonSchema {
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
