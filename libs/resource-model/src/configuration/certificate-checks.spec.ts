import { describe, expect, it } from '@jest/globals';
import { Client, type ClientInit } from '../client.js';
import { faultsOf } from './fault.js';
import { certificateContradictions } from './certificate-checks.js';

const client = (more: Partial<ClientInit>) =>
  new Client({ clientId: 'bank', allowedGrantTypes: ['client_credentials'], ...more });
const contradictions = (more: Partial<ClientInit>) =>
  certificateContradictions(client(more), (property, _value, problem) => `${property}: ${problem}`);
const byCertificate = { tokenEndpointAuthMethod: 'tls_client_auth' } as const;

describe('A client that is known by its certificate', () => {
  it('RFC 8705 §2.1.2: has exactly one of the subject and the alternative names', () => {
    expect(contradictions({ ...byCertificate, tlsClientAuthSubjectDn: 'CN=client' })).toEqual([]);
    expect(contradictions({ ...byCertificate, tlsClientAuthSanIp: '192.0.2.7' })).toEqual([]);
    expect(contradictions(byCertificate)).toEqual([expect.stringContaining('none is given')]);
    expect(contradictions({ ...byCertificate, tlsClientAuthSubjectDn: 'CN=a', tlsClientAuthSanDns: 'a' })).toEqual([
      expect.stringContaining('there are tlsClientAuthSubjectDn and tlsClientAuthSanDns'),
    ]);
  });

  it('authenticates by it: nothing of it is read elsewhere', () => {
    for (const tokenEndpointAuthMethod of [undefined, 'self_signed_tls_client_auth', 'client_secret_basic'] as const) {
      expect(contradictions({ tokenEndpointAuthMethod, tlsClientAuthSanDns: 'a.example.com' })).toEqual([
        expect.stringMatching(/^tlsClientAuthSanDns: .*tls_client_auth alone/),
      ]);
    }
  });

  it.each([
    ['tlsClientAuthSubjectDn', 'client', 'cannot be read at character 1'],
    ['tlsClientAuthSubjectDn', '', 'cannot be read'],
    ['tlsClientAuthSubjectDn', 'NICK=a', 'NICK is no known attribute'],
    ['tlsClientAuthSanDns', '*.example.com', 'without wildcard'],
    ['tlsClientAuthSanDns', '.example.com', 'without wildcard'],
    ['tlsClientAuthSanIp', '192.0.2.0/24', 'address of IPv4 or IPv6'],
    ['tlsClientAuthSanUri', '', 'should not be empty'],
  ])('has names that mean one certificate: not %s %j', (property, value, problem) => {
    const found = faultsOf(client({ ...byCertificate, [property]: value }), 'client');
    expect(found).toEqual([expect.objectContaining({ path: `client.${property}` })]);
    expect(found[0]!.problem).toContain(problem);
  });
});

describe('A client whose tokens are bound to its certificate', () => {
  it('is handed none through the browser', () => {
    const bound = { tlsClientCertificateBoundAccessTokens: true };
    expect(contradictions(bound)).toEqual([]);
    expect(contradictions({ ...bound, allowAccessTokensViaBrowser: true })).toEqual([
      expect.stringContaining('allowAccessTokensViaBrowser: contradicts'),
    ]);
  });
});
