import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './settings-faults.fixture.js';

const issuer = 'issuer: https://id.example.com\n';

describe('A configuration file', () => {
  it.each([
    ['', 'sts.yaml:1:1 the file: is empty'],
    ['# nothing yet\n', 'sts.yaml:1:1 the file: is empty'],
    ['hunter2', 'sts.yaml:1:1 the file: must be an object: keys with values (got "hunter2")'],
    ['- a\n- b\n', 'sts.yaml:1:1 the file: must be an object: keys with values (got ["a","b"])'],
    ['5', 'sts.yaml:1:1 the file: must be an object'],
  ])('that is no object is told so, and nothing else: %j', async (text, line) => {
    expect(await faultsOf(text)).toEqual([expect.stringContaining(line)]);
  });

  it.each([
    ['clients: { clientId: shop }', 'sts.yaml:2:10 clients: must be a list (got an object)'],
    ['clients: shop', 'sts.yaml:2:10 clients: must be a list (got "shop")'],
    ['clients: [shop]', 'sts.yaml:2:11 clients[0]: must be an object: keys with values (got "shop")'],
    ['clients: [null]', 'sts.yaml:2:11 clients[0]: must be an object: keys with values (got null)'],
    ['apiScopes: [[a]]', 'sts.yaml:2:13 apiScopes[0]: must be an object: keys with values (got ["a"])'],
    ['users: [carol:hunter2]', 'sts.yaml:2:9 users[0]: must be an object: keys with values (the value is not shown)'],
    ['endpoints: [token]', 'sts.yaml:2:12 endpoints: must be an object: keys with values (got ["token"])'],
    ['signingAlgorithms: RS256', 'sts.yaml:2:20 signingAlgorithms: must be a list (got "RS256")'],
    ['signingAlgorithms: [[RS256]]', 'sts.yaml:2:20 signingAlgorithms: must be a list of names, e.g. [RS256, ES256] (got a list)'],
    ['identityResources: openid', 'sts.yaml:2:20 identityResources: must be a list (got "openid")'],
    ['identityResources: [5]', 'sts.yaml:2:21 identityResources[0]: must be an object: keys with values (got 5)'],
    ['apiResources: [{ name: a, scopes: 5 }]', 'sts.yaml:2:35 apiResources[0].scopes: must be a list (got 5)'],
    ['apiResources: [{ name: a, apiSecrets: hunter2 }]', 'sts.yaml:2:39 apiResources[0].apiSecrets: must be a list (the value is not shown)'],
  ])('that has the wrong shape is told so, once: %s', async (text, line) => {
    expect(await faultsOf(issuer + text)).toEqual([line]);
  }); // prettier-ignore

  it.each([
    ['a: [1', 'sts.yaml:1:6 syntax: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['issuer: a\nissuer: b', 'sts.yaml:2:1 syntax: Map keys must be unique'],
    ['a:\n\t- b', 'sts.yaml:2:1 syntax: Tabs are not allowed as indentation'],
    ['a: 1\n---\nb: 2', 'sts.yaml:2:1 syntax: the file must hold one document'],
    ['{"issuer": "a",, }', 'sts.yaml:1:16 syntax: Unexpected , in flow map'],
    ['a: "hunter2', 'sts.yaml:1:12 syntax: Missing closing "quote'],
    ['a: |hunter2', 'sts.yaml:1:5 syntax: Block scalar header includes extra characters'],
    ['a:\n  plain: !hunter2 x', 'sts.yaml:2:10 syntax: Unresolved tag'],
    ['a:\n  plain: *hunter2', 'sts.yaml:2:10 syntax: an alias has no anchor before it; quote text that begins with *'],
    ['clients: &a [*a]', 'sts.yaml:1:1 syntax: the aliases of the file lead in circles'],
    ['%hunter2\na: 1', 'syntax'],
  ])('that is no YAML is told where, without quoting what may be a secret: %j', async (text, line) => {
    const lines = await faultsOf(text);
    expect(lines[0]).toContain(line);
    expect(lines.join()).not.toContain('hunter2');
  });

  it('whose aliases multiply without end is refused at once', async () => {
    const bomb = ['a: &a [x]', ...'bcdefghij'.split('').map((name, index) => {
      const before = String.fromCharCode(97 + index);
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`;
    })].join('\n'); // prettier-ignore
    expect(await faultsOf(bomb)).toEqual([expect.stringContaining('multiply without end')]);
  });

  it.each([
    ['clients: [{ clientSecret: hunter2 }]'],
    ['clients: [{ clientSecrets: hunter2 }]'],
    ['clients: [{ clientSecrets: { plain: hunter2 } }]'],
    ['clients: [{ clientSecrets: [hunter2] }]'],
    ['clients: [{ clientSecrets: [{ plian: hunter2 }] }]'],
    ['clients: [{ clientSecrts: [{ plain: hunter2 }] }]'],
    ['clients: { shop: { plain: hunter2 } }'],
    ['clients: { shop: hunter2 }'],
    ['clients: [[{ plain: hunter2 }]]'],
    ['users: [{ pasword: hunter2 }]'],
    ['users: [{ password: [hunter2] }]'],
    ['users: [{ password: { plain: hunter2 } }]'],
    ['users: [{ passwordHash: hunter2 }]'],
    ['users: [{ carol: hunter2 }]'],
    ['users: { carol: hunter2 }'],
    ['secret: hunter2'],
    ['apiResources: [{ name: a, apiSecrets: [[hunter2]] }]'],
    ['clients: [{ redirectUris: ["https://carol:hunter2@example.com/#"] }]'],
    ['clients: [{ clientUri: "ftp://carol:hunter2@example.com" }]'],
  ])('never sees a secret repeated: %s', async (text) => {
    const lines = await faultsOf(issuer + text);
    expect(lines).not.toEqual([]);
    expect(lines.join()).not.toContain('hunter2');
  });
});
