import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ApiResource } from '../api-resource.js';
import { ApiScope } from '../api-scope.js';
import { Client, type ClientInit } from '../client.js';
import { Secret } from '../secret.js';
import { User } from '../user.js';
import { ConfigurationError, describeFault, faultsOf } from './fault.js';

const clientWith = (more: object) => new Client({ clientId: 'c', allowedGrantTypes: ['password'], ...more });
const lines = (target: object) => faultsOf(target, 'x').map(describeFault);

describe('The rules of the model', () => {
  it('find no fault in what has only what is required', () => {
    expect(lines(clientWith({}))).toEqual([]);
    expect(lines(new ApiResource('api1', 'My API'))).toEqual([]);
    expect(lines(new ApiScope('s'))).toEqual([]);
    expect(lines(new User({ subject: '1', username: 'a' }))).toEqual([]);
  });

  it.each([
    [{ accessTokenLifetime: '3600' }, /^x\.accessTokenLifetime: .*whole number of seconds.*\(got "3600"\)$/],
    [{ accessTokenLifetime: 0 }, /must not be less than 1/],
    [{ accessTokenLifetime: 1.5 }, /whole number/],
    [{ accessTokenLifetime: Number.MAX_SAFE_INTEGER }, /must not be greater than/],
    [{ enabled: 'yes' }, /must be a boolean/],
    [{ accessTokenType: 'opaque' }, /one of the following values: jwt, reference \(got "opaque"\)/],
    [{ allowedGrantTypes: [] }, /should not be empty/],
    [{ allowedScopes: ['a b'] }, /RFC 6749/],
    [{ allowedScopes: 'api1' }, /must be an array/],
    [{ clientId: 'ü' }, /printable ASCII/],
    [{ logoUri: 'javascript:alert(1)' }, /http or https URL/],
    [{ clientUri: 'data:text/html,x' }, /http or https URL/],
    [{ redirectUris: ['https://a.example/#x'] }, /without fragment/],
    [{ redirectUris: ['/relative'] }, /absolute/],
    [{ redirectUris: ['javascript:alert(1)'] }, /javascript:/],
    [{ allowedCorsOrigins: ['https://a.example/'] }, /no trailing slash/],
    [{ allowedCorsOrigins: ['*'] }, /origins/],
    [{ clientSecrets: 'secret' }, /clientSecrets: .*array/],
    [{ tokenEndpointAuthMethod: 'private' }, /client_secret_basic, client_secret_post, .*none/],
    [{ lifetime: 3 }, /is not a property of Client/],
    [{ accessTokenLifetme: 3 }, /did you mean accessTokenLifetime\?/],
  ])('find the fault in %j and say what would be right', (more, expected) => {
    const found = lines(clientWith(more));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('take loopback, custom schemes and paths with query as redirect URIs', () => {
    const redirectUris = [
      'http://127.0.0.1/cb',
      'http://[::1]:1234/cb',
      'com.example.app:/cb',
      'https://a.example/cb?x=1',
    ];
    expect(lines(clientWith({ redirectUris }))).toEqual([]);
  });

  it('say one thing about what is missing', () => {
    expect(lines(new Client({} as ClientInit))).toEqual([
      expect.stringMatching(/^x\.clientId: .* \(missing\)$/),
      expect.stringMatching(/^x\.allowedGrantTypes: [^;]* \(missing\)$/),
    ]);
  });

  it.each(['a\u0000b', 'a\nb', '\u009b'])('name a user name with control characters: %j', (username) => {
    expect(lines(new User({ subject: '1', username }))).toEqual([expect.stringContaining('no control characters')]);
  });

  it('never show a secret', () => {
    const secretly = [
      clientWith({ clientSecrets: [new Secret('hunter2')] }),
      clientWith({ clientSecrets: 'hunter2' }),
      clientWith({ pairwiseSubjectSalt: 'hunter2' }),
      clientWith({ assertionSecret: 'hunter2' }),
      new User({ subject: '1', username: 'a', passwordHash: 'hunter2' }),
    ];
    for (const target of secretly) {
      expect(lines(target)).toHaveLength(1);
      expect(lines(target)[0]).not.toContain('hunter2');
    }
  });

  it('shorten a long value', () => {
    const [line] = lines(clientWith({ description: ['x'.repeat(1000)] }));
    expect(line!.length).toBeLessThan(250);
  });
});

describe('ConfigurationError', () => {
  it('shows no secret to whoever prints all of it, as Nest does when a start fails', () => {
    const error = new ConfigurationError(faultsOf(clientWith({ assertionSecret: 'hunter2' }), 'clients[0]'));
    expect(error.faults).toHaveLength(1);
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('lists every fault, one a line', () => {
    const fault = (path: string) => ({ path, value: 1, problem: 'is wrong' });
    expect(new ConfigurationError([fault('a'), fault('b')]).message).toBe(
      'The configuration has 2 faults:\n  - a: is wrong (got 1)\n  - b: is wrong (got 1)',
    );
    expect(new ConfigurationError([fault('a')], 'sts.yaml').message).toMatch(/^sts\.yaml has a fault:/);
  });
});
