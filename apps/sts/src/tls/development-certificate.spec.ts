import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkServerIdentity, connect, createServer, type PeerCertificate, type TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../temporary-folder.fixture.js';
import type { TlsFiles } from './certificate-files.js';
import { developmentCertificate } from './development-certificate.js';

const day = 86_400_000;
const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

/** OpenSSL judges IPv6 addresses: Node 22.23 takes `::1` for a host name. */
function checkIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  if (!host.includes(':')) return checkServerIdentity(host, certificate);
  return new X509Certificate(certificate.raw).checkIP(host)
    ? undefined
    : new Error(`${host} is not in the certificate`);
}

/** Shakes hands as a client that trusts the authority alone and asks for a server name. */
async function handshake(files: TlsFiles, ca: string, host: string, servername: string): Promise<TLSSocket> {
  const server = createServer({ ...files });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  try {
    return await new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port: (server.address() as AddressInfo).port,
        ca,
        servername,
        minVersion: 'TLSv1.3',
        checkServerIdentity: checkIdentity,
      });
      socket.once('secureConnect', () => resolve(socket.destroy()));
      socket.once('error', reject);
    });
  } finally {
    server.close();
  }
}

describe('The development certificate', () => {
  it.each([
    ['127.0.0.1', 'localhost'],
    ['127.0.0.1', ''],
    ['::1', ''],
  ])('is accepted at %s under the name %j by whoever trusts ca.pem', async (host, name) => {
    const folder = temporaryFolder();
    const files = await developmentCertificate(folder);
    const socket = await handshake(files, contents(folder)['ca.pem']!, host, name);
    expect(socket.authorized).toBe(true);
  });

  it('is not accepted under another name, nor by whoever trusts another authority', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    const files = await developmentCertificate(folder);
    await developmentCertificate(other);
    const ca = contents(folder)['ca.pem']!;
    await expect(handshake(files, ca, '127.0.0.1', 'example.com')).rejects.toThrow(/altnames/);
    await expect(handshake(files, contents(other)['ca.pem']!, '127.0.0.1', 'localhost')).rejects.toThrow();
  });

  it('is used again, byte for byte', async () => {
    const folder = temporaryFolder();
    const first = await developmentCertificate(folder);
    const before = contents(folder);
    expect(Object.keys(before).sort()).toEqual(['ca-key.pem', 'ca.pem', 'cert.pem', 'key.pem']);
    expect(await developmentCertificate(folder)).toEqual(first);
    expect(contents(folder)).toEqual(before);
    expect(first).toEqual({ cert: before['cert.pem'], key: before['key.pem'] });
  });

  it('is made anew a month before it ends, by the same authority', async () => {
    const folder = temporaryFolder();
    const first = await developmentCertificate(folder);
    const ca = contents(folder)['ca.pem']!;
    const later = (days: number) => new Date(Date.now() + days * day);
    expect(await developmentCertificate(folder, later(359))).toEqual(first);
    const second = await developmentCertificate(folder, later(361));
    expect(second.cert).not.toBe(first.cert);
    expect(contents(folder)['ca.pem']).toBe(ca);
    expect(new X509Certificate(second.cert).verify(new X509Certificate(ca).publicKey)).toBe(true);
  });

  it('gets a new authority when the old one would end before it', async () => {
    const folder = temporaryFolder();
    await developmentCertificate(folder);
    const ca = contents(folder)['ca.pem']!;
    const { cert } = await developmentCertificate(folder, new Date(Date.now() + 3300 * day));
    expect(contents(folder)['ca.pem']).not.toBe(ca);
    expect(new X509Certificate(cert).verify(new X509Certificate(contents(folder)['ca.pem']!).publicKey)).toBe(true);
  });

  it.each(['ca.pem', 'ca-key.pem', 'cert.pem', 'key.pem'])(
    'is mended when %s is broken or of another',
    async (name) => {
      const [folder, other] = [temporaryFolder(), temporaryFolder()];
      await developmentCertificate(other);
      for (const broken of ['', 'nonsense', contents(other)[name]!]) {
        await developmentCertificate(folder);
        writeFileSync(join(folder, name), broken);
        if (name === 'ca-key.pem') rmSync(join(folder, 'cert.pem'));
        const files = await developmentCertificate(folder);
        const socket = await handshake(files, contents(folder)['ca.pem']!, '127.0.0.1', 'localhost');
        expect(socket.authorized).toBe(true);
      }
    },
  );

  it('keeps its keys to the owner, and leaves no half-written file', async () => {
    const folder = temporaryFolder();
    await developmentCertificate(folder);
    const mode = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);
    expect([mode('key.pem'), mode('ca-key.pem')]).toEqual(['600', '600']);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  it('is what browsers take: for servers alone, for less than 398 days', async () => {
    const { cert } = await developmentCertificate(temporaryFolder());
    const certificate = new X509Certificate(cert);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThan(398 * day);
    expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  });
});
