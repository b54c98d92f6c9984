import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Agent, createServer, request as httpsRequest, type RequestOptions, type Server } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { clientCertificateThumbprint } from './client-certificate.js';
import { selfSigned } from './client-certificates.spec.fixture.js';

const [own, client, another] = [selfSigned('localhost'), selfSigned('client'), selfSigned('another')];
let server: Server;
/** What the server made of each request. */
const seen: { readonly thumbprint: string | undefined; readonly isResumed: boolean }[] = [];

beforeAll(async () => {
  const requiring = { requestCert: true, rejectUnauthorized: false };
  server = createServer({ cert: own.cert, key: own.key, ...requiring }, (request, response) => {
    const thumbprint = clientCertificateThumbprint(request, 'socket');
    // Fastify has node's request inside of its own.
    expect(clientCertificateThumbprint({ headers: {}, raw: request }, 'socket')).toBe(thumbprint);
    seen.push({ thumbprint, isResumed: (request.socket as TLSSocket).isSessionReused() });
    response.end('seen');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => (seen.length = 0));
afterAll(() => server.closeAllConnections());
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function send(options: RequestOptions): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const sent = httpsRequest({ host: '127.0.0.1', servername: 'localhost', port, ca: own.cert, ...options }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(await text(answer)).toBe('seen');
}

describe('The certificate of a TLS connection', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is the client’s, also a self-signed one, and each has its own: %s',
    async (version) => {
      const versions = { minVersion: version, maxVersion: version };
      for (const { cert, key } of [client, another, client]) await send({ cert, key, ...versions, agent: false });
      expect(seen.map(({ thumbprint }) => thumbprint)).toEqual([
        client.thumbprint,
        another.thumbprint,
        client.thumbprint,
      ]);
    },
  );

  it('is absent where the client has shown none', async () => {
    await send({ agent: false });
    expect(seen).toEqual([{ thumbprint: undefined, isResumed: false }]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is the same on a resumed connection: %s', async (version) => {
    const { cert, key } = client;
    const agent = new Agent({ cert, key, minVersion: version, maxVersion: version });
    await send({ agent });
    await send({ agent });
    agent.destroy();
    expect(seen).toEqual([
      { thumbprint: client.thumbprint, isResumed: false },
      { thumbprint: client.thumbprint, isResumed: true },
    ]);
  });

  it('is read once for all the requests of a connection', () => {
    let reads = 0;
    const socket = { getPeerCertificate: () => ({ raw: ++reads === 1 ? client.der : another.der }) };
    const request = { headers: {}, socket };
    expect(clientCertificateThumbprint(request, 'socket')).toBe(client.thumbprint);
    expect(clientCertificateThumbprint(request, 'socket')).toBe(client.thumbprint);
    expect(reads).toBe(1);
  });

  it('is absent on a connection without TLS, on one that is gone, and where there is none', () => {
    const gone = { getPeerCertificate: () => null };
    for (const socket of [{}, gone, null, undefined]) {
      expect(clientCertificateThumbprint({ headers: {}, socket }, 'socket')).toBeUndefined();
    }
  });
});
