import { describe, expect, it } from '@jest/globals';
import { clientIdUrl } from './client-id-url.js';

describe('A Client Identifier URL (draft-ietf-oauth-client-id-metadata-document §3)', () => {
  it.each([
    'https://app.example.com/client',
    'https://app.example.com/oauth/client.json',
    'https://app.example.com:8443/client',
    'https://app.example.com/a/',
  ])('can be %s', (id) => expect(clientIdUrl(id)?.href).toBe(id));

  it.each([
    ['must use the https scheme', 'http://app.example.com/client'],
    ['must contain a path', 'https://app.example.com'],
    ['is not the root of a site', 'https://app.example.com/'],
    ['must not contain a fragment', 'https://app.example.com/client#a'],
    ['must not contain a query', 'https://app.example.com/client?a=b'],
    ['must not contain a user', 'https://app.example.com@evil.com/client'],
    ['must not contain a user with a password', 'https://a:b@evil.com/client'],
    ['must not contain single-dot segments', 'https://app.example.com/./client'],
    ['must not contain double-dot segments', 'https://app.example.com/a/../client'],
    ['must not contain escaped dot segments', 'https://app.example.com/a/%2e%2E/client'],
    ['must not name the default port', 'https://app.example.com:443/client'],
    ['must be in lower case', 'https://APP.example.com/client'],
    ['must not contain a backslash', 'https://app.example.com\\@evil.com/client'],
    ['must not contain white space', 'https://app.example.com/cli ent'],
    ['must not be an address in decimal', 'https://2130706433/client'],
    ['must not be an address in hexadecimal', 'https://0x7f.0.0.1/client'],
    ['must not be an IPv6 address', 'https://[::ffff:127.0.0.1]/client'],
    ['must not be longer than an id may be', `https://app.example.com/${'a'.repeat(200)}`],
  ])('%s', (_rule, id) => expect(clientIdUrl(id)).toBeUndefined());
});
