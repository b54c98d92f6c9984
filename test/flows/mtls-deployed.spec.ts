import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { createServerLog, createSts, loadSettings } from '../../apps/sts/src/index.js';
import {
  commonName,
  selfSigned,
  type TestCertificate,
  TestAuthority,
} from '../../libs/token-server/src/possession/certificates.spec.fixture.js';
import { freePort } from '../../libs/typeorm-store/src/testing/free-port.fixture.js';
import { type ClientTls, type DevelopmentTls, developmentTls, fetchTrusting } from '../development-tls.js';
import { type RunningNginx, runNginx } from '../nginx.js';
import { listenOnFreePort } from '../running-server.js';

let folder: string;
let tls: DevelopmentTls;
let authority: TestAuthority;
let issued: TestCertificate;
let own: TestCertificate;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-mtls-'));
  tls = await developmentTls();
  authority = await TestAuthority.create('Bank CA');
  issued = await authority.issue({ subject: [{ O: ['Bank'] }, { CN: ['client'] }] });
  own = await selfSigned({ subject: commonName('own') });
});
afterAll(() => rm(folder, { recursive: true }));

/** The deployable server, of a configuration file. JSON is YAML as well. */
async function settings(mtls: object, variables: Readonly<Record<string, string>>) {
  const machine = { allowedGrantTypes: ['client_credentials'], allowedScopes: ['api1'] };
  const bound = { ...machine, tlsClientCertificateBoundAccessTokens: true };
  const jwk = new X509Certificate(own.cert).publicKey.export({ format: 'jwk' });
  const content = {
    issuer: 'https://id.example.com',
    mtls,
    apiResources: [{ name: 'api1' }],
    clients: [
      {
        ...bound,
        clientId: 'bank',
        tokenEndpointAuthMethod: 'tls_client_auth',
        tlsClientAuthSubjectDn: 'CN=client,O=Bank',
      },
      { ...bound, clientId: 'own', tokenEndpointAuthMethod: 'self_signed_tls_client_auth', jwks: { keys: [jwk] } },
    ],
  };
  const file = join(folder, 'sts.json');
  await writeFile(file, JSON.stringify(content));
  const memory = { STS_DATABASE_URL: 'memory:', STS_LOG_LEVEL: 'silent', STS_DATA: folder };
  return loadSettings({ STS_CONFIG: file, ...memory, ...variables });
}

/** What the deployed server says to a client that goes by discovery. */
async function grant(issuer: string, clientId: string, certificate?: ClientTls) {
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.TlsClientAuth(), {
    [client.customFetch]: fetchTrusting(tls.ca, certificate),
  });
  const tokens = await client.clientCredentialsGrant(config, { scope: 'api1' });
  return (decodeJwt(tokens.access_token).cnf as { 'x5t#S256': string })['x5t#S256'];
}

const clientsGetIn = (issuer: () => string) => {
  test('gives clients of an authority, and those with keys of their own, tokens bound to their certificates', async () => {
    expect(await grant(issuer(), 'bank', issued)).toBe(issued.thumbprint);
    expect(await grant(issuer(), 'own', own)).toBe(own.thumbprint);
  });

  test('gives nothing to who has no certificate, another one, or one of the same name', async () => {
    const forged = await selfSigned({ subject: [{ O: ['Bank'] }, { CN: ['client'] }] });
    for (const certificate of [undefined, own, forged]) {
      await expect(grant(issuer(), 'bank', certificate)).rejects.toMatchObject({ status: 401 });
    }
  });
};

describe('The deployable server with TLS of its own', () => {
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    const mtls = { certificate: 'socket', certificateAuthorities: [authority.cert] };
    ({ app, url } = await listenOnFreePort('https', async (STS_ISSUER) => {
      const found = await settings(mtls, { STS_ISSUER });
      return createSts(found, tls, createServerLog('silent'));
    }));
  });
  afterAll(() => app?.close());

  clientsGetIn(() => url);
});

describe('The deployable server behind nginx, which ends TLS', () => {
  let app: INestApplication;
  let nginx: RunningNginx;
  let issuer: string;
  beforeAll(async () => {
    const port = await freePort();
    issuer = `https://localhost:${port}`;
    const mtls = { certificate: { header: 'X-Client-Cert' }, certificateAuthorities: [authority.cert] };
    const { app: server, url } = await listenOnFreePort('http', async () => {
      const found = await settings(mtls, { STS_ISSUER: issuer, STS_TLS: 'off', STS_TRUST_PROXY: 'loopback' });
      return createSts(found, undefined, createServerLog('silent'));
    });
    app = server;
    nginx = await runNginx({
      files: { 'cert.pem': tls.cert, 'key.pem': tls.key },
      blocks: `server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate cert.pem;
        ssl_certificate_key key.pem;
        ssl_verify_client optional_no_ca;
        location / {
          proxy_pass ${url};
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-Proto https;
          proxy_set_header X-Client-Cert $ssl_client_escaped_cert;
        }
      }`,
      isReady: () =>
        fetchTrusting(tls.ca)(`${issuer}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
    });
  });
  afterAll(async () => {
    await nginx?.stop();
    await app?.close();
  });

  clientsGetIn(() => issuer);

  test('is sent the certificate of the connection, whatever the client writes into the header', async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'bank' });
    for (const certificate of [undefined, own]) {
      const answer = await fetchTrusting(tls.ca, certificate)(`${issuer}/connect/token`, {
        method: 'POST',
        body: form,
        headers: { 'X-Client-Cert': encodeURIComponent(issued.cert) },
      });
      expect(answer.status).toBe(401);
    }
  });
});
