import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Client, sha256 } from '@tessera/resource-model';
import { temporaryFile } from '../temporary-folder.fixture.js';
import { loadSettings } from './settings.js';
import { faultsOf } from './settings-faults.fixture.js';

type Variables = Record<string, string>;

const load = (text: string, variables: Variables = {}) =>
  loadSettings({ STS_CONFIG: temporaryFile(text), ...variables });

const issuer = 'issuer: https://id.example.com\n';
const hash = sha256('hunter2');

describe('A configuration file', () => {
  it('becomes the objects of the model', async () => {
    const { options, warnings } = await load(`
      issuer: https://id.example.com/tenant
      signingAlgorithms: [ES256, RS256]
      endpoints: { introspection: false }
      identityResources: [openid, { name: staff, userClaims: [desk] }]
      apiScopes: [{ name: orders.read }]
      apiResources: [{ name: orders, scopes: [orders.read], apiSecrets: [{ sha256: ${hash} }] }]
      authorizationDetailTypes:
        - { type: payment, resource: orders, text: { en: 'Pay {amount}' }, schema: { properties: { amount: { type: string } } } }
      clients:
        - clientId: shop
          authorizationDetailsTypes: [payment]
          allowedGrantTypes: [client_credentials]
          clientSecrets: [{ env: SHOP_SECRET, description: shop, expiration: 2030-01-01 }]
          allowedScopes: [orders.read]
          claims: [{ type: tier, value: { level: 1 } }]
      users: [{ subject: '1', username: carol, password: hunter2, claims: { desk: 5 } }]
    `, { SHOP_SECRET: 'hunter2' }); // prettier-ignore
    expect(warnings).toEqual([expect.stringContaining('NODE_ENV is not production')]);
    expect(options).toMatchObject({
      issuer: 'https://id.example.com/tenant',
      signingAlgorithms: ['ES256', 'RS256'],
      endpoints: { introspection: false },
      identityResources: [
        { name: 'openid', required: true },
        { name: 'staff', userClaims: ['desk'] },
      ],
      apiScopes: [{ name: 'orders.read', enabled: true }],
      apiResources: [{ name: 'orders', scopes: ['orders.read'], apiSecrets: [{ value: hash }] }],
      authorizationDetailTypes: [
        { type: 'payment', schema: { properties: { amount: { type: 'string' } } }, enabled: true },
      ],
      clients: [
        {
          clientId: 'shop',
          clientSecrets: [{ value: hash, description: 'shop', expiration: Date.UTC(2030, 0, 1) / 1000 }],
          claims: [{ type: 'tier', value: { level: 1 } }],
          accessTokenLifetime: 3600,
        },
      ],
      users: [{ subject: '1', passwordHash: expect.stringMatching(/^\$argon2id\$/), claims: { desk: 5 } }],
    });
    expect(options.clients?.[0]).toBeInstanceOf(Client);
    expect(JSON.stringify(options)).not.toContain('hunter2');
  });

  it('may be JSON, and name its schema', async () => {
    const text = JSON.stringify(
      { $schema: './sts.schema.json', issuer: 'https://id.example.com', clients: [] },
      null,
      2,
    );
    expect((await load(text)).options.issuer).toBe('https://id.example.com');
    expect(await faultsOf(text.replace('"clients": []', '"clients": [{}]'))).toEqual([
      'sts.yaml:4:15 clients[0].clientId: must be 1 to 200 printable ASCII characters (RFC 6749 appendix A.1) (missing)',
      expect.stringMatching(/^sts\.yaml:4:15 clients\[0\]\.allowedGrantTypes: .*\(missing\)$/),
    ]);
  });

  it('needs no more than an issuer, and not even that when the environment has one', async () => {
    expect((await load(issuer)).options).toMatchObject({ issuer: 'https://id.example.com', clients: [] });
    expect((await load('clients: []', { STS_ISSUER: 'https://a.example' })).options.issuer).toBe('https://a.example');
    expect((await load(issuer, { STS_ISSUER: 'https://a.example' })).options.issuer).toBe('https://a.example');
  });

  it('need not hold the secret of DPoP nonces: the environment has one', async () => {
    const requiring = `${issuer}dpop: { requireNonce: true }\n`;
    const nonceSecret = 'a secret of thirty-two characters';
    const { options } = await load(requiring, { STS_DPOP_NONCE_SECRET: nonceSecret });
    expect(options.dpop).toEqual({ requireNonce: true, nonceSecret });
    expect(await faultsOf(requiring)).toEqual([
      expect.stringContaining('dpop.nonceSecret: is needed for requireNonce'),
    ]);
    const short = await faultsOf(requiring, { STS_DPOP_NONCE_SECRET: 'hunter2' });
    expect(short).toEqual([expect.stringMatching(/^STS_DPOP_NONCE_SECRET: .*longer than or equal to 32/)]);
    expect(short.join()).not.toContain('hunter2');
  });

  it('is told where a type of authorization details is no good', async () => {
    const types =
      '[{ type: a, schema: { properties: { b: { type: txt } } } }, { type: c, colour: red, text: { En: x } }]';
    expect(await faultsOf(`${issuer}authorizationDetailTypes: ${types}\n`)).toEqual([
      expect.stringMatching(/^sts\.yaml:2:\d+ authorizationDetailTypes\[0\]\.schema: is no usable JSON Schema/),
      expect.stringMatching(/^sts\.yaml:2:\d+ authorizationDetailTypes\[1\]\.schema: .*must be an object.*\(missing\)/),
      expect.stringMatching(/^sts\.yaml:2:\d+ authorizationDetailTypes\[1\]\.colour: is not a property/),
      expect.stringMatching(
        /^sts\.yaml:2:\d+ authorizationDetailTypes\[1\]\.text: .*under the names of their languages/,
      ),
    ]);
  });

  it('may leave a key without value', async () => {
    const { options } = await load(
      `${issuer}clients:\nusers:\nsigningAlgorithms:\nendpoints:\napiScopes:\n  - name: a\n    description:\n`,
    );
    expect(options).toMatchObject({ clients: [], users: [], signingAlgorithms: undefined, endpoints: {} });
  });
});

describe('The folders of the pages', () => {
  it('are found beside the configuration file, wherever the server is started', async () => {
    const config = temporaryFile(`${issuer}pages: { messages: texts, templates: ../elsewhere, assets: /nowhere }\n`);
    mkdirSync(join(dirname(config), 'texts'));
    writeFileSync(join(dirname(config), 'texts', 'en.json'), '{}');
    await expect(loadSettings({ STS_CONFIG: config })).rejects.toMatchObject({
      lines: [
        expect.stringContaining(`pages.templates: must be a folder that can be read (got "${join(dirname(config), '../elsewhere')}")`),
        expect.stringContaining('pages.assets: must be a folder that can be read'),
      ],
    }); // prettier-ignore
    writeFileSync(config, `${issuer}pages: { messages: texts }\n`);
    const { pages } = await loadSettings({ STS_CONFIG: relative('.', config) });
    expect(pages.messages).toBe(join(dirname(config), 'texts'));
  });
});

describe('The home page of a server for development', () => {
  const clients = (...types: string[]) =>
    `clients:\n${types.map((type) => `  - { clientId: ${type}, allowedGrantTypes: [${type}], clientSecrets: [{ plain: s }], redirectUris: [https://a.example] }`).join('\n')}\n`;

  it('lists the clients in which people sign in, and none that is a program for itself', async () => {
    const text = `issuer: https://localhost:5001\n${clients('client_credentials', 'authorization_code', 'password')}`;
    const { demo } = (await load(text)).pages;
    expect(demo?.clients.map(({ clientId }) => clientId)).toEqual(['authorization_code', 'password']);
  });
});

describe('A wrong configuration file', () => {
  it('is told every fault at once, from top to end, with place, path, value and what would be right', async () => {
    const text = `issuer: HTTP://id.example.com
signingAlgorithms: [RS256, HS256]
endpoints: { tokn: false, jwks: 1 }
identityResources: [opnid, {}]
apiScopes: [{ name: a b }]
clients:
  - clientId: shop
    allowedGrantTypes: client_credentials
    clientSecrets: [{ plain: hunter2, env: X }]
    redirectUris: ['javascript:alert(1)']
    accessTokenLifetime: -5
  - clientId: 7
    allowedGrantTypes: [password]
    allowedScope: [a]
users:
  - { username: carol, password: hunter2, passwordHash: hunter2 }
`;
    const lines = await faultsOf(text, { STS_PORT: 'x' });
    expect(lines).toEqual([
      expect.stringMatching(/^STS_PORT: .*\(got "x"\)$/),
      expect.stringMatching(/^sts\.yaml:1:9 issuer: must be an absolute https URL .*\(got "HTTP:\/\/id\.example\.com"\)$/),
      expect.stringMatching(/^sts\.yaml:2:20 signingAlgorithms: .*RS256.*\(got \["RS256","HS256"\]\)$/),
      expect.stringMatching(/^sts\.yaml:3:20 endpoints\.tokn: is not an endpoint.*did you mean token\?$/),
      expect.stringMatching(/^sts\.yaml:3:33 endpoints\.jwks: .*set to true or false \(got 1\)$/),
      expect.stringMatching(/^sts\.yaml:4:21 identityResources\[0\]: .*did you mean openid\? \(got "opnid"\)$/),
      expect.stringMatching(/^sts\.yaml:4:28 identityResources\[1\]\.name: .*\(missing\)$/),
      expect.stringMatching(/^sts\.yaml:4:28 identityResources\[1\]\.userClaims: .*\(missing\)$/),
      expect.stringMatching(/^sts\.yaml:5:21 apiScopes\[0\]\.name: .*RFC 6749 §3\.3.*\(got "a b"\)$/),
      expect.stringMatching(/^sts\.yaml:8:24 clients\[0\]\.allowedGrantTypes: .*must be an array.*\(got "client_credentials"\)$/),
      expect.stringMatching(/^sts\.yaml:9:21 clients\[0\]\.clientSecrets\[0\]: must have exactly one of .*plain and env$/),
      expect.stringMatching(/^sts\.yaml:10:19 clients\[0\]\.redirectUris: .*absolute URIs.*$/),
      expect.stringMatching(/^sts\.yaml:11:26 clients\[0\]\.accessTokenLifetime: must not be less than 1 \(got -5\)$/),
      expect.stringMatching(/^sts\.yaml:12:15 clients\[1\]\.clientId: .*\(got 7\)$/),
      expect.stringMatching(/^sts\.yaml:14:19 clients\[1\]\.allowedScope: .*did you mean allowedScopes\?$/),
      expect.stringMatching(/^sts\.yaml:16:5 users\[0\]\.subject: .*\(missing\)$/),
      expect.stringMatching(/^sts\.yaml:16:34 users\[0\]\.password: stands beside passwordHash: give one of the two$/),
      expect.stringMatching(/^sts\.yaml:16:57 users\[0\]\.passwordHash: .*\(the value is not shown\)$/),
    ]); // prettier-ignore
    expect(lines.join()).not.toContain('hunter2');
  });

  it('is told what its objects mean together: what is twice, and what nobody declared', async () => {
    const client = `clientSecrets: [{ sha256: ${hash} }], allowedGrantTypes: [client_credentials]`;
    const lines = await faultsOf(`${issuer}identityResources: [openid, openid, { name: api, userClaims: [x] }]
apiScopes: [{ name: a }, { name: a }]
apiResources: [{ name: api, scopes: [a, b] }, { name: api, scopes: [a] }]
clients:
  - { clientId: c, ${client}, allowedScopes: [a, aa] }
  - { clientId: c, ${client}, allowedScopes: [offline_access] }
  - { clientId: d, ${client.replace('client_credentials', 'client_credential')} }
  - { clientId: e, allowedGrantTypes: [password] }
users: [{ subject: '1', username: carol }, { subject: '1', username: CAROL }]
`);
    // The registered grants are looked at when all else is right.
    expect(lines).toEqual([
      expect.stringMatching(/identityResources\[1\]\.name: must be unique, but identityResources\[0\] has the same/),
      expect.stringMatching(/apiScopes\[1\]\.name: must be unique/),
      expect.stringMatching(/apiResources\[0\]\.scopes: names a scope that is not in apiScopes.*\(got "b"\)/),
      expect.stringMatching(/apiResources\[1\]\.name: must be unique/),
      expect.stringMatching(/clients\[0\]\.allowedScopes: is neither .*did you mean a\? \(got "aa"\)/),
      expect.stringMatching(/clients\[1\]\.clientId: must be unique/),
      expect.stringMatching(/clients\[1\]\.allowedScopes: offline_access is allowed by allowOfflineAccess: true/),
      expect.stringMatching(/clients\[3\]\.clientSecrets: a client with requireClientSecret needs at least one/),
      expect.stringMatching(/users\[1\]\.subject: must be unique/),
      expect.stringMatching(/users\[1\]\.username: must be unique/),
    ]);
    expect(await faultsOf(`${issuer}clients: [{ clientId: d, ${client.replace('[client_', '[clien_')} }]`)).toEqual([
      expect.stringMatching(/clients\[0\]\.allowedGrantTypes: this server has no such grant.*did you mean client_cred/),
    ]);
  });

  it('that cannot be read is told so', async () => {
    await expect(loadSettings({ STS_CONFIG: '/nowhere/sts.yaml' })).rejects.toThrow(
      /STS_CONFIG: the configuration file cannot be read: ENOENT.*Name another with STS_CONFIG/,
    );
    await expect(loadSettings({ STS_CONFIG: '/', STS_PORT: 'x' })).rejects.toMatchObject({
      lines: [expect.stringContaining('STS_PORT'), expect.stringContaining('EISDIR')],
    });
  });

  it('is told apart from a wrong STS_ISSUER', async () => {
    expect(await faultsOf(issuer, { STS_ISSUER: 'id.example.com' })).toEqual([
      expect.stringMatching(/^STS_ISSUER: must be an absolute https URL.*\(got "id\.example\.com"\)$/),
    ]);
  });

  it('is told of keys that every object inherits', async () => {
    const lines = await faultsOf(
      `${issuer}__proto__: { a: 1 }\nclients: [{ constructor: 1, __proto__: { clientId: x }, clientId: c, allowedGrantTypes: [password], requireClientSecret: false }]`,
    );
    expect(lines.map((line) => line.split(' ')[1])).toEqual([
      '__proto__:',
      'clients[0].constructor:',
      'clients[0].__proto__:',
    ]);
  });
});
