import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ClientInit, describeFault } from '@tessera/resource-model';
import { resolveOptions } from '../resolve-options.js';
import type { TokenServerOptions } from '../token-server.options.js';
import { commonName, selfSigned, TestAuthority } from './certificates.spec.fixture.js';

const header = 'X-Client-Cert';
const trustedProxies = ['10.0.0.1'];
const faults = (mtls: unknown, client: Partial<ClientInit> = {}) => {
  const clients = [{ clientId: 'bank', allowedGrantTypes: ['client_credentials'], ...client }];
  const options = { issuer: 'https://id.example.com', mtls: mtls as TokenServerOptions['mtls'], clients };
  return resolveOptions(options).faults.map(describeFault);
};

describe('The rules about certificates of clients', () => {
  let authority: string;
  let leaf: string;
  beforeAll(async () => {
    authority = (await TestAuthority.create('CA')).cert;
    leaf = (await selfSigned({ subject: commonName('a') })).cert;
  });

  it('say where certificates are read, and no more than that is needed', () => {
    expect(faults({ certificate: 'socket' })).toEqual([]);
    expect(faults({ certificate: { header }, trustedProxies })).toEqual([]);
    const all = { certificateAuthorities: [authority], baseUrl: 'https://mtls.example.com' };
    expect(faults({ certificate: { header }, trustedProxies: ['10.0.0.0/8', 'loopback', '::1'], ...all })).toEqual([]);
  });

  it.each([
    ['no source', {}],
    ['a source that does not exist', { certificate: 'proxy' }],
    ['a header without a name', { certificate: { header: '' } }],
    ['a header that cannot be one', { certificate: { header: 'X Client' } }],
    ['more than a header', { certificate: { header, trusted: true } }],
    ['proxies that are no networks', { certificate: { header }, trustedProxies: ['proxy.example.com'] }],
    ['a network of everybody', { certificate: { header }, trustedProxies: ['0.0.0.0/0'] }],
    ['an authority that is none', { certificate: 'socket', certificateAuthorities: ['PEM'] }],
    ['a host without TLS', { certificate: 'socket', baseUrl: 'http://mtls.example.com' }],
    ['a host with a query', { certificate: 'socket', baseUrl: 'https://mtls.example.com/?a=b' }],
    ['a header that anybody may send', { certificate: { header } }],
  ])('are refused: %s', (_, mtls) => expect(faults(mtls)).toEqual([expect.stringContaining('mtls.')]));

  it('do not take a certificate that is no authority’s for one', () => {
    expect(faults({ certificate: 'socket', certificateAuthorities: [authority, leaf] })).toEqual([
      expect.stringContaining('mtls.certificateAuthorities[1]'),
    ]);
  });

  it('are there where a client needs them', () => {
    const bank = { tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuthSubjectDn: 'CN=a' } as const;
    expect(faults(undefined, bank)).toEqual([expect.stringContaining('clients[0].tokenEndpointAuthMethod')]);
    expect(faults(undefined, { tlsClientCertificateBoundAccessTokens: true })).toEqual([
      expect.stringContaining('clients[0].tlsClientCertificateBoundAccessTokens'),
    ]);
    expect(faults({ certificate: { header }, trustedProxies }, bank)).toEqual([]);
    expect(faults({ certificate: 'socket', certificateAuthorities: [authority] }, bank)).toEqual([]);
    expect(faults({ certificate: 'socket' }, bank)).toEqual([expect.stringContaining('mtls.certificateAuthorities')]);
  });

  it('name the authorities where the proxy must let self-signed certificates through as well', () => {
    const one = { allowedGrantTypes: ['client_credentials'] };
    const clients: ClientInit[] = [
      { ...one, clientId: 'bank', tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuthSubjectDn: 'CN=a' },
      {
        ...one,
        clientId: 'own',
        tokenEndpointAuthMethod: 'self_signed_tls_client_auth',
        jwksUri: 'https://own.example.com/jwks',
      },
    ];
    const mtls = { certificate: { header }, trustedProxies };
    const found = (more: object) =>
      resolveOptions({ issuer: 'https://id.example.com', clients, mtls: { ...mtls, ...more } }).faults.map(
        describeFault,
      );
    expect(found({})).toEqual([expect.stringContaining('mtls.certificateAuthorities')]);
    expect(found({ certificateAuthorities: [authority] })).toEqual([]);
  });
});
