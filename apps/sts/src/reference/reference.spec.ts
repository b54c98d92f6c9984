import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { parse } from 'yaml';
import { environmentVariables } from '../configuration/environment.js';
import { smallConfiguration } from '../running-sts.fixture.js';
import type { JsonSchema } from './json-schema.js';
import { makeReference, pageFile, schemaFile } from './reference.js';

const committed = JSON.parse(readFileSync(schemaFile, 'utf8')) as JsonSchema;
const fromRoot = (path: string) => readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8');

/** Ajv, as the web framework brings it along: validates as an editor does, without changing anything. */
async function validator(schema: JsonSchema): Promise<(content: unknown) => string[]> {
  const customOptions = { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } as const;
  const server = fastify({ ajv: { customOptions } });
  server.post('/', { schema: { body: { type: 'object' } } }, () => undefined);
  await server.ready();
  const validate = server.validatorCompiler!({ schema, method: 'POST', url: '/' }) as unknown as {
    (content: unknown): boolean;
    errors?: { instancePath: string; message?: string; params: Record<string, unknown> }[];
  };
  return (content) =>
    validate(content)
      ? []
      : validate.errors!.map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
}

const faultsOf = await validator(committed);
const with_ = (more: object) => ({ issuer: 'https://id.example.com', ...more });
const client = { clientId: 'a', allowedGrantTypes: ['client_credentials'] };

describe('The reference', () => {
  it('is the one that the classes make: npm run reference', async () => {
    const { schema, page } = await makeReference();
    expect(readFileSync(schemaFile, 'utf8')).toBe(schema);
    expect(readFileSync(pageFile, 'utf8')).toBe(page);
  });

  it('describes every property', () => {
    const kinds = Object.entries({ File: committed, ...committed.definitions });
    const silent = kinds.flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).filter(([, { description }]) => !description).map(([property]) => `${name}.${property}`),
    ); // prettier-ignore
    expect(silent).toEqual([]);
  });

  it('names every variable of the environment', () => {
    const page = readFileSync(pageFile, 'utf8');
    for (const name of [...environmentVariables, 'NODE_ENV']) expect(page).toContain(`| \`${name}\``);
  });
});

describe('The schema of the configuration file', () => {
  it('accepts the demonstration’s file and a small one', () => {
    expect(faultsOf(parse(fromRoot('sts.yaml')))).toEqual([]);
    expect(faultsOf(parse(smallConfiguration))).toEqual([]);
  });

  it.each([
    with_({}),
    with_({ $schema: './sts.schema.json', signingAlgorithms: ['ES256'], endpoints: { jwks: false } }),
    with_({ identityResources: ['openid', { name: 'staff', userClaims: ['desk'] }] }),
    with_({ clients: [{ ...client, clientSecrets: [{ env: 'A', description: 'a', expiration: '2027-01-31' }, { file: 'a', expiration: 1 }] }] }),
    with_({ clients: [{ ...client, claims: [{ type: 'tier', value: { level: 1 } }], properties: { a: 'b' } }] }),
    with_({ clients: [{ ...client, redirectUris: ['https://a.example/cb?x=1', 'com.example.app:/cb'], allowedCorsOrigins: ['https://a.example'] }] }),
    with_({ users: [{ subject: '1', username: 'a', claims: { any: [1] } }, { subject: '2', username: 'b', password: 'x' }] }),
  ])('accepts %j', (content) => {
    expect(faultsOf(content)).toEqual([]);
  }); // prettier-ignore

  it.each([
    [{}, 'issuer'],
    [with_({ issuer: 'id.example.com' }), '/issuer'],
    [with_({ client: [] }), '"client"'],
    [with_({ clients: {} }), '/clients must be array'],
    [with_({ clients: [{}] }), 'clientId'],
    [with_({ clients: [{ clientId: 'a' }] }), 'allowedGrantTypes'],
    [with_({ clients: [{ ...client, allowedScope: [] }] }), 'allowedScope'],
    [with_({ clients: [{ ...client, accessTokenLifetime: 0 }] }), '/clients/0/accessTokenLifetime'],
    [with_({ clients: [{ ...client, accessTokenLifetime: 1.5 }] }), '/clients/0/accessTokenLifetime must be integer'],
    [with_({ clients: [{ ...client, accessTokenType: 'opaque' }] }), '/clients/0/accessTokenType'],
    [with_({ clients: [{ ...client, redirectUris: ['/cb'] }] }), '/clients/0/redirectUris/0'],
    [with_({ clients: [{ ...client, redirectUris: ['https://a.example/#x'] }] }), '/clients/0/redirectUris/0'],
    [with_({ clients: [{ ...client, allowedCorsOrigins: ['https://a.example/'] }] }), '/clients/0/allowedCorsOrigins/0'],
    [with_({ clients: [{ ...client, clientUri: 'javascript:x' }] }), '/clients/0/clientUri'],
    [with_({ clients: [{ ...client, clientSecrets: ['x'] }] }), '/clients/0/clientSecrets/0 must be object'],
    [with_({ clients: [{ ...client, clientSecrets: [{}] }] }), 'exactly one schema'],
    [with_({ clients: [{ ...client, clientSecrets: [{ plain: 'a', env: 'b' }] }] }), 'exactly one schema'],
    [with_({ clients: [{ ...client, clientSecrets: [{ sha256: 'a' }] }] }), '/clients/0/clientSecrets/0/sha256'],
    [with_({ clients: [{ ...client, clientSecrets: [{ plain: 'a', expiration: 'soon' }] }] }), 'expiration'],
    [with_({ clients: [{ ...client, claims: [{ type: 'a' }] }] }), '/clients/0/claims/0'],
    [with_({ apiResources: [{ name: 'a b' }] }), '/apiResources/0/name'],
    [with_({ apiResources: [{ name: 'a', apiSecrets: [{ value: 'x' }] }] }), '/apiResources/0/apiSecrets/0'],
    [with_({ identityResources: ['opnid'] }), '/identityResources/0'],
    [with_({ identityResources: [{ name: 'a' }] }), '/identityResources/0'],
    [with_({ users: [{ subject: '1', username: 'a', password: 'x', passwordHash: '$argon2id$v=19$m=1,t=1,p=1$a$a' }] }), '/users/0'],
    [with_({ endpoints: { tokn: false } }), '/endpoints'],
    [with_({ endpoints: { token: 'off' } }), '/endpoints/token'],
    [with_({ signingAlgorithms: ['HS256'] }), '/signingAlgorithms/0'],
    [with_({ signingAlgorithms: [] }), '/signingAlgorithms'],
  ])('refuses %j', (content, place) => {
    expect(faultsOf(content).join('\n')).toContain(place);
  }); // prettier-ignore

  it('refuses the wrong file of the page', () => {
    expect(faultsOf(parse(fromRoot('apps/sts/src/reference/wrong.yaml')))).not.toEqual([]);
  });

  it('knows the defaults of the classes', () => {
    expect(committed.definitions?.Client?.properties).toMatchObject({
      accessTokenLifetime: { type: 'integer', minimum: 1, default: 3600 },
      requirePkce: { default: true },
      clientSecrets: { default: [] },
    });
    expect(committed.definitions?.Client?.required).toEqual(['clientId', 'allowedGrantTypes']);
    expect(committed).not.toHaveProperty('$id');
  });
});
