import { describe, expect, it } from '@jest/globals';
import { CertificateError } from './certificate.error.js';
import { readClientCertificate } from './read-client-certificate.js';

/** Self-signed, of O=Bank, CN=client. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUKr3A3VI+eCYscsV325zZGtmxODwwCgYIKoZIzj0EAwIw
IDENMAsGA1UECgwEQmFuazEPMA0GA1UEAwwGY2xpZW50MB4XDTI2MTEyMzIzNDcz
N1oXDTM2MTEyMDIzNDczN1owIDENMAsGA1UECgwEQmFuazEPMA0GA1UEAwwGY2xp
ZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPWHZcRIABZeA+s4g/C+Y+OmH
0dii+pHYUpdXdMvX5G5xTd6/DKCZDRfsas0i89sD8+Yy5orrMhD2+A4w9ZznIKNT
MFEwHQYDVR0OBBYEFJ332CIZ03NWHl14BE8HBGIWccKgMB8GA1UdIwQYMBaAFJ33
2CIZ03NWHl14BE8HBGIWccKgMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwID
RwAwRAIgQh3Vk8HUEkY10GW5nThK468DmmOTTppAJLTkrkPa01MCIA1fwn75yKee
DlHx0ufcelLPMu2oIZZ/sYeVzgwBzLxC
-----END CERTIFICATE-----`;
const der = Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
const header = 'X-Client-Cert';
const request = (value: string) => ({ headers: { 'x-client-cert': value }, rawHeaders: [header, value] });
const codeOf = (value: string, more: readonly string[] = []) => {
  try {
    const { headers, rawHeaders } = request(value);
    readClientCertificate({ headers, rawHeaders: [...rawHeaders, ...more] }, { header });
    return 'read';
  } catch (error) {
    return error instanceof CertificateError ? error.code : error;
  }
};

describe('The certificate of a client', () => {
  it('is the same from a connection and from a header: itself, and its thumbprint', () => {
    const ofSocket = readClientCertificate(
      { headers: {}, socket: { getPeerCertificate: () => ({ raw: der }) } },
      'socket',
    );
    const ofHeader = readClientCertificate(request(encodeURIComponent(pem)), { header });
    expect(ofHeader?.thumbprint).toBe(ofSocket?.thumbprint);
    for (const certificate of [ofSocket, ofHeader]) {
      expect(certificate?.der).toEqual(der);
      expect(certificate?.x509.subject).toBe('O=Bank\nCN=client');
    }
  });

  it('is read once, however often it is asked for', () => {
    const one = request(der.toString('base64'));
    expect(readClientCertificate(one, { header })).toBe(readClientCertificate({ ...one }, { header }));
    const socket = { getPeerCertificate: () => ({ raw: der }) };
    const inFastify = { headers: {}, raw: { rawHeaders: [], socket } };
    expect(readClientCertificate(inFastify, 'socket')).toBe(readClientCertificate({ headers: {}, socket }, 'socket'));
  });

  it('is absent where none was shown, and never taken from where it is not looked for', () => {
    expect(readClientCertificate(request(''), { header })).toBeUndefined();
    expect(readClientCertificate(request(pem), { header: 'Other' })).toBeUndefined();
    expect(readClientCertificate({ ...request(pem), socket: {} }, 'socket')).toBeUndefined();
  });

  it('is refused where the header holds none, and where it came twice', () => {
    expect(codeOf('none')).toBe('certificate_unreadable');
    expect(codeOf(encodeURIComponent(pem), ['x-client-cert', ''])).toBe('certificate_repeated');
  });
});
