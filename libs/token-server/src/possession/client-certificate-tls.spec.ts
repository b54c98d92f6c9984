import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clientCertificateTls } from './client-certificate-tls.js';
import { commonName, selfSigned, type TestCertificate } from './certificates.spec.fixture.js';

describe('What a listener is given that asks for certificates', () => {
  let server: Server;
  let client: TestCertificate;
  beforeAll(async () => {
    client = await selfSigned({ subject: commonName('client') });
    const { cert, key } = await selfSigned({ subject: commonName('server') });
    server = createServer({ cert, key, ...clientCertificateTls({ certificate: 'socket' }) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  it('keeps the certificate that a connection began with: nothing is negotiated again, where TLS 1.2 knows that', async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2', rejectUnauthorized: false, ...client });
    const ended = new Promise<string>((resolve) => {
      socket.on('error', ({ message }) => resolve(message));
      socket.on('close', () => resolve('closed'));
    });
    const again = new Promise<string>((resolve) => {
      socket.on('secureConnect', () => {
        socket.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error ? error.message : 'renegotiated'));
      });
    });
    expect(await Promise.race([ended, again])).not.toBe('renegotiated');
    socket.destroy();
  });

  it('is nothing where a proxy ends TLS', () => {
    expect(clientCertificateTls({ certificate: { header: 'X-Client-Cert' } })).toEqual({});
    expect(clientCertificateTls(undefined)).toEqual({});
  });
});
