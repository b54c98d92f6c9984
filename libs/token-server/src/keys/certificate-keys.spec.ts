import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClientCertificate } from '@tessera/jws';
import { OutgoingRules } from '@tessera/resource-model';
import { Outgoing } from '../http/outgoing.js';
import { commonName, selfSigned } from '../possession/certificates.spec.fixture.js';
import { FakeClock } from '../running-server.spec.fixture.js';
import type { ResolvedOptions } from '../token-server.options.js';
import { ClientKeys } from './client-keys.js';

const certificate = async () => new ClientCertificate((await selfSigned({ subject: commonName('client') })).der);
const jwkOf = ({ der }: ClientCertificate) => new X509Certificate(der).publicKey.export({ format: 'jwk' });

describe('RFC 8705 §2.2: the key of a self-signed certificate', () => {
  let server: Server;
  let published: object[] = [];
  let fetches = 0;
  let own: ClientCertificate;
  let other: ClientCertificate;
  const clock = new FakeClock();
  const outgoing = new OutgoingRules({ allowPrivateAddresses: true, allowHttp: true });
  const keys = new ClientKeys(new Outgoing({ outgoing } as ResolvedOptions), clock);

  beforeAll(async () => {
    [own, other] = [await certificate(), await certificate()];
    server = createServer((_request, response) => {
      fetches++;
      response.end(JSON.stringify({ keys: published }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const isAmong = (certificate: ClientCertificate, ...held: object[]) =>
    keys.includeKeyOf({ jwks: { keys: held } }, certificate);

  it('is one that the client holds, whatever else is said of it', async () => {
    expect(await isAmong(own, jwkOf(other), { ...jwkOf(own), kid: 'own', use: 'sig', alg: 'ES256' })).toBe(true);
    expect(await isAmong(own, jwkOf(other))).toBe(false);
    expect(await isAmong(own)).toBe(false);
  });

  it('may be registered by the certificate itself, as x5c', async () => {
    const x5c = [own.der.toString('base64')];
    expect(await isAmong(own, { kty: 'EC', x5c })).toBe(true);
    expect(await isAmong(other, { kty: 'EC', x5c })).toBe(false);
    expect(await isAmong(own, { kty: 'EC', x5c: [other.der.toString('base64'), ...x5c] })).toBe(false);
  });

  it('is none that is for encryption, and none that cannot be read', async () => {
    expect(await isAmong(own, { ...jwkOf(own), use: 'enc' })).toBe(false);
    expect(await isAmong(own, { kty: 'EC' }, { kty: 'oct' }, { kty: 'EC', x5c: 'text' })).toBe(false);
  });

  it('is fetched from jwks_uri, and anew for a certificate that is not known, now and then', async () => {
    const holder = { jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys` };
    published = [jwkOf(own)];
    expect(await keys.includeKeyOf(holder, own)).toBe(true);
    expect(await keys.includeKeyOf(holder, own)).toBe(true);
    expect(fetches).toBe(1);
    // The first that is not known is looked for at once: a key may have been changed a moment ago.
    published = [jwkOf(other)];
    expect(await keys.includeKeyOf(holder, other)).toBe(true);
    published = [jwkOf(own)];
    expect(await keys.includeKeyOf(holder, own)).toBe(false);
    expect(fetches).toBe(2);
    clock.advance(30);
    expect(await keys.includeKeyOf(holder, own)).toBe(true);
    expect(fetches).toBe(3);
  });
});
