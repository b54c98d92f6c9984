import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './configuration/fault.js';
import { ClientPolicy } from './client-policy.js';
import { isHostAmong } from './host-pattern.js';

describe('A host pattern', () => {
  it.each([
    ['app.example.com', 'app.example.com', true],
    ['app.example.com', '.example.com', true],
    ['a.b.example.com', '.example.com', true],
    ['example.com', '.example.com', false],
    ['evil-example.com', '.example.com', false],
    ['evil-example.com', 'example.com', false],
    ['example.com.evil.net', 'example.com', false],
    ['app.example.com.', '.example.com', false],
    ['anything.net', '*', true],
  ])('%s among %s: %s', (host, pattern, expected) => expect(isHostAmong(host, [pattern])).toBe(expected));

  it.each(['https://app.example.com', 'App.example.com', '*.example.com', 'app.example.com:8443', '', 'a..b', '.'])(
    'cannot be %j',
    (pattern) => expect(faultsOf(new ClientPolicy({ redirectHosts: [pattern] }), 'policy')).toHaveLength(1),
  );
});
