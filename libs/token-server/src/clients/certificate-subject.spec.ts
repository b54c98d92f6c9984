import { describe, expect, it } from '@jest/globals';
import { ClientCertificate } from '@tessera/jws';
import { Client, type ClientInit } from '@tessera/resource-model';
import { type CertificatePlan, selfSigned } from '../possession/certificates.spec.fixture.js';
import { subjectFault } from './certificate-subject.js';

async function isOf(asked: Partial<ClientInit>, plan: CertificatePlan): Promise<boolean> {
  const client = new Client({ clientId: 'machine', allowedGrantTypes: ['client_credentials'], ...asked });
  const { der } = await selfSigned(plan);
  return (await subjectFault(client, new ClientCertificate(der))) === undefined;
}

const bank: CertificatePlan['subject'] = [{ C: ['DE'] }, { O: ['Bank, Inc.'] }, { CN: ['client'], OU: ['payments'] }];
const hasDn = (tlsClientAuthSubjectDn: string, subject = bank) => isOf({ tlsClientAuthSubjectDn }, { subject });

describe('RFC 8705 §2.1.2: tls_client_auth_subject_dn', () => {
  it.each([
    ['CN=client+OU=payments,O=Bank\\, Inc.,C=DE'],
    ['OU=payments+CN=client,O=Bank\\2C Inc.,C=DE'],
    ['cn = Client + ou = PAYMENTS , o = bank\\,  inc. , c = de'],
    ['2.5.4.3=client+2.5.4.11=payments,2.5.4.10=Bank\\, Inc.,2.5.4.6=#13024445'],
  ])('is compared as a name, and not as a text: %s', async (dn) => expect(await hasDn(dn)).toBe(true));

  it.each([
    ['in another order', 'C=DE,O=Bank\\, Inc.,CN=client+OU=payments'],
    ['with its parts torn apart', 'CN=client,OU=payments,O=Bank\\, Inc.,C=DE'],
    ['with a part left out', 'CN=client+OU=payments,O=Bank\\, Inc.'],
    ['with one attribute of a part left out', 'CN=client,O=Bank\\, Inc.,C=DE'],
    ['with a part more', 'CN=client+OU=payments,O=Bank\\, Inc.,C=DE,DC=example'],
    ['with an escaped comma for a separator', 'CN=client+OU=payments,O=Bank,Title=Inc.,C=DE'],
    ['with a wildcard', 'CN=*+OU=payments,O=Bank\\, Inc.,C=DE'],
  ])('is another one %s', async (_, dn) => expect(await hasDn(dn)).toBe(false));

  it('is no other whose text looks the same: a value that holds separators and names of attributes', async () => {
    expect(await hasDn('CN=client,O=Bank', [{ CN: ['client,O=Bank'] }])).toBe(false);
    expect(await hasDn('CN=client,O=Bank', [{ O: ['x'] }, { CN: ['client\nO=Bank'] }])).toBe(false);
    expect(await hasDn('CN=client+O=Bank', [{ CN: ['client+O=Bank'] }])).toBe(false);
    expect(await hasDn('CN=client', [{ CN: ['client\0.evil'] }])).toBe(false);
    expect(await hasDn('CN=client\\,O=Bank', [{ CN: ['client,O=Bank'] }])).toBe(true);
  });

  it('may have a value that is no text: it is compared byte for byte (RFC 4514 §2.4)', async () => {
    const subject = [{ '2.5.4.45': ['#04020102'] }];
    expect(await hasDn('2.5.4.45=#04020102', subject)).toBe(true);
    expect(await hasDn('2.5.4.45=#04020103', subject)).toBe(false);
    expect(await hasDn('2.5.4.45=\\#04020102', subject)).toBe(false);
  });
});

describe('RFC 8705 §2.1.2: an alternative name', () => {
  const subject: CertificatePlan['subject'] = [{ CN: ['client.example.com'] }];
  const names: CertificatePlan['names'] = [
    { type: 'dns', value: 'a.example.com' },
    { type: 'dns', value: '*.wild.example.com' },
    { type: 'url', value: 'https://client.example.com/a' },
    { type: 'ip', value: '192.0.2.7' },
    { type: 'ip', value: '2001:db8::1' },
    { type: 'email', value: 'Ops@client.example.com' },
  ];

  it.each([
    [{ tlsClientAuthSanDns: 'A.Example.com' }],
    [{ tlsClientAuthSanUri: 'https://client.example.com/a' }],
    [{ tlsClientAuthSanIp: '192.0.2.7' }],
    [{ tlsClientAuthSanIp: '2001:0DB8:0:0::1' }],
    [{ tlsClientAuthSanEmail: 'Ops@Client.Example.com' }],
  ])('is among those of the certificate: %j', async (asked) =>
    expect(await isOf(asked, { subject, names })).toBe(true),
  );

  it.each([
    ['the common name is none', { tlsClientAuthSanDns: 'client.example.com' }],
    ['a wildcard in the certificate is not expanded', { tlsClientAuthSanDns: 'b.wild.example.com' }],
    ['a host above is another', { tlsClientAuthSanDns: 'example.com' }],
    ['a host below is another', { tlsClientAuthSanDns: 'b.a.example.com' }],
    ['of another kind it is another', { tlsClientAuthSanDns: '192.0.2.7' }],
    ['a URI is the same to the last character', { tlsClientAuthSanUri: 'https://client.example.com/A' }],
    ['a URI is not its beginning', { tlsClientAuthSanUri: 'https://client.example.com/' }],
    ['an address of IPv4 is none of IPv6', { tlsClientAuthSanIp: '::ffff:192.0.2.7' }],
    ['the case counts before the @', { tlsClientAuthSanEmail: 'ops@client.example.com' }],
    ['only one of the names is asked for', { tlsClientAuthSanDns: 'a.example.com', tlsClientAuthSanIp: '192.0.2.7' }],
    ['nothing is asked for', {}],
  ])('is refused: %s', async (_, asked) => expect(await isOf(asked, { subject, names })).toBe(false));

  it('is missing where the certificate has none', async () => {
    expect(await isOf({ tlsClientAuthSanDns: 'client.example.com' }, { subject })).toBe(false);
  });
});
