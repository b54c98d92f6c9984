import { X509Certificate } from 'node:crypto';
import { type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountsModule } from '@tessera/accounts';
import { type ClientInit, Secret, sha256 } from '@tessera/token-server';
import {
  type CertificatePlan,
  commonName,
  selfSigned,
  type TestCertificate,
  TestAuthority,
} from '../../libs/token-server/src/possession/certificates.spec.fixture.js';
import { type Answer, requestsTo } from '../requests.js';
import { basic, bearer, FakeClock, type RunningServer, startServer } from '../running-server.js';

const bank: CertificatePlan['subject'] = [{ O: ['Bank'] }, { CN: ['client'] }];
const machine = { allowedGrantTypes: ['client_credentials'], allowedScopes: ['api1'] };
const refused = [401, 'invalid_client'];
const verdict = ({ status, body }: Pick<Answer, 'status' | 'body'>): unknown[] => [status, body.error ?? 'accepted'];

let authority: TestAuthority;
let issued: TestCertificate;
let own: TestCertificate;

function clients(): ClientInit[] {
  const byAuthority = { ...machine, tokenEndpointAuthMethod: 'tls_client_auth' as const };
  const jwk = new X509Certificate(own.cert).publicKey.export({ format: 'jwk' });
  const bound = { allowedScopes: ['openid', 'profile', 'api1'], tlsClientCertificateBoundAccessTokens: true };
  const person = { ...bound, allowedGrantTypes: ['password'], allowOfflineAccess: true };
  return [
    {
      ...byAuthority,
      clientId: 'bank',
      tlsClientAuthSubjectDn: 'CN=client,O=Bank',
      clientSecrets: [new Secret(sha256('secret'))],
    },
    { ...byAuthority, clientId: 'other_bank', tlsClientAuthSubjectDn: 'CN=other,O=Bank' },
    { ...byAuthority, clientId: 'host', tlsClientAuthSanDns: 'client.example.com' },
    {
      ...machine,
      clientId: 'own',
      tokenEndpointAuthMethod: 'self_signed_tls_client_auth',
      jwks: { keys: [{ ...jwk, kty: 'EC' }] },
    },
    { ...person, clientId: 'app', requireClientSecret: false },
    { ...person, clientId: 'web', clientSecrets: [new Secret(sha256('secret'))] },
    { ...person, clientId: 'opaque', accessTokenType: 'reference', clientSecrets: [new Secret(sha256('secret'))] },
  ];
}

beforeAll(async () => {
  authority = await TestAuthority.create('Bank CA');
  issued = await authority.issue({ subject: bank });
  own = await selfSigned({ subject: commonName('own') });
});

describe('Where the server ends TLS', () => {
  const clock = new FakeClock();
  let server: RunningServer;
  beforeAll(async () => {
    const mtls = { certificate: 'socket' as const, certificateAuthorities: [authority.cert] };
    server = await startServer({ tls: true, clock, options: { mtls, clients: clients(), imports: [AccountsModule] } });
  });
  afterAll(() => server?.close());

  const as = (certificate?: TestCertificate) =>
    certificate ? requestsTo(server.url, server.fetchAs(certificate)) : server;
  const token = async (clientId: string, certificate?: TestCertificate, headers: Record<string, string> = {}) => {
    const form = { grant_type: 'client_credentials', client_id: clientId };
    return verdict(await as(certificate).form('connect/token', form, headers));
  };

  it('the certificate of the client lets it in', async () => {
    expect(await token('bank', issued)).toEqual([200, 'accepted']);
    expect(await token('own', own)).toEqual([200, 'accepted']);
  });

  it('a certificate of the same subject by another authority, of the same name, does not', async () => {
    const another = await (await TestAuthority.create('Bank CA')).issue({ subject: bank });
    expect(await token('bank', another)).toEqual(refused);
  });

  it('a certificate of the same subject that somebody signed for himself does not', async () => {
    expect(await token('bank', await selfSigned({ subject: bank }))).toEqual(refused);
    expect(await token('own', await selfSigned({ subject: commonName('own') }))).toEqual(refused);
  });

  it.each([
    ['expired', [-3, -1]],
    ['not valid yet', [1, 3]],
  ] as const)('a certificate that is %s does not', async (_, days) => {
    expect(await token('bank', await authority.issue({ subject: bank, days }))).toEqual(refused);
  });

  it('a certificate that expires while the connection lasts does no longer', async () => {
    expect(await token('bank', issued)).toEqual([200, 'accepted']);
    const [present] = [clock.now()];
    clock.advance(2 * 86_400);
    expect(await token('bank', issued)).toEqual(refused);
    clock.advance(present - clock.now());
  });

  it('a certificate for servers does not', async () => {
    const usages = ['1.3.6.1.5.5.7.3.1'];
    expect(await token('bank', await authority.issue({ subject: bank, usages }))).toEqual(refused);
  });

  it('another certificate of the authority does not, whatever looks alike in its name', async () => {
    const subjects: CertificatePlan['subject'][] = [
      [{ O: ['Bank'] }, { CN: ['other'] }],
      [{ CN: ['client,O=Bank'] }],
      [{ CN: ['client'] }, { O: ['Bank'] }],
      [{ CN: ['client'], O: ['Bank'] }],
      [{ O: ['Bank'] }, { CN: ['client\0'] }],
    ];
    for (const subject of subjects) {
      expect(await token('bank', await authority.issue({ subject }))).toEqual(refused);
    }
  });

  it('a wildcard in a certificate stands for nobody, and the common name for no host', async () => {
    const wildcard = await authority.issue({ subject: bank, names: [{ type: 'dns', value: '*.example.com' }] });
    const named = await authority.issue({ subject: commonName('client.example.com') });
    expect([await token('host', wildcard), await token('host', named)]).toEqual([refused, refused]);
    const exact = await authority.issue({ subject: bank, names: [{ type: 'dns', value: 'client.example.com' }] });
    expect(await token('host', exact)).toEqual([200, 'accepted']);
  });

  it('the certificate of one client does not let it in as another', async () => {
    expect(await token('other_bank', issued)).toEqual(refused);
    expect(await token('own', issued)).toEqual(refused);
    expect(await token('bank', own)).toEqual(refused);
  });

  it('a secret does not do instead of the certificate, nor beside it', async () => {
    const form = { grant_type: 'client_credentials' };
    for (const requests of [as(), as(issued)]) {
      expect(verdict(await requests.form('connect/token', form, basic('bank')))).toEqual(refused);
    }
  });

  it('a header with a certificate means nothing', async () => {
    for (const name of ['X-Client-Cert', 'Client-Cert', 'X-SSL-Cert', 'X-Forwarded-Client-Cert']) {
      expect(await token('bank', undefined, { [name]: encodeURIComponent(issued.cert) })).toEqual(refused);
      expect(await token('bank', own, { [name]: issued.der.toString('base64') })).toEqual(refused);
    }
  });

  it.each(['web', 'opaque'])(
    'a bound token of %s is of no use at userinfo without its certificate',
    async (clientId) => {
      const form = { grant_type: 'password', username: 'alice', password: 'alice', scope: 'openid' };
      const { body } = await as(own).form('connect/token', form, basic(clientId));
      const ask = (certificate?: TestCertificate) =>
        as(certificate).send('connect/userinfo', { headers: bearer(body.access_token) });
      expect((await ask(own)).status).toBe(200);
      for (const answer of [await ask(), await ask(issued)]) {
        expect(verdict(answer)).toEqual([401, 'invalid_token']);
        expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
      }
    },
  );

  it('a refresh token of a public client is of no use without its certificate, and is not used up by who tries', async () => {
    const scope = 'openid offline_access';
    const form = { grant_type: 'password', username: 'alice', password: 'alice', scope, client_id: 'app' };
    const { body } = await as(own).form('connect/token', form);
    const refresh = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: 'app' };
    expect(verdict(await as(issued).form('connect/token', refresh))).toEqual([400, 'invalid_grant']);
    expect(verdict(await as().form('connect/token', refresh))).toEqual([400, 'invalid_request']);
    expect(verdict(await as(own).form('connect/token', refresh))).toEqual([200, 'accepted']);
  });
});

describe('Where a proxy passes the certificate on', () => {
  const header = 'X-Client-Cert';
  const escaped = ({ cert }: TestCertificate) => encodeURIComponent(cert);
  let server: RunningServer;
  let vouched: RunningServer;
  beforeAll(async () => {
    const mtls = { certificate: { header }, trustedProxies: ['127.0.0.1'] };
    const strict = { ...mtls, certificateAuthorities: [authority.cert] };
    server = await startServer({ options: { mtls: strict, clients: clients() } });
    const ofAuthorities = clients().filter(
      ({ tokenEndpointAuthMethod }) => tokenEndpointAuthMethod !== 'self_signed_tls_client_auth',
    );
    vouched = await startServer({ options: { mtls, clients: ofAuthorities }, adapter: 'express' });
  });
  afterAll(async () => {
    await server?.close();
    await vouched?.close();
  });

  /** From an address of this machine; several values make several headers. */
  async function token(
    clientId: string,
    headers: OutgoingHttpHeaders,
    { url } = server,
    localAddress = '127.0.0.1',
  ): Promise<unknown[]> {
    const body = `grant_type=client_credentials&client_id=${clientId}`;
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await new Promise<{ status: number; body: { error?: string } }>((resolve, reject) => {
      request(
        `${url}/connect/token`,
        { method: 'POST', localAddress, headers: { ...type, ...headers } },
        (response) => {
          text(response).then(
            (json) => resolve({ status: response.statusCode!, body: JSON.parse(json) as object }),
            reject,
          );
        },
      )
        .on('error', reject)
        .end(body);
    });
    return verdict(answer);
  }

  it('the certificate of the client lets it in', async () => {
    expect(await token('bank', { [header]: escaped(issued) })).toEqual([200, 'accepted']);
    expect(await token('own', { [header]: escaped(own) })).toEqual([200, 'accepted']);
  });

  it('the header of anybody but the proxy means nothing', async () => {
    const stranger = '127.0.0.2';
    expect(await token('bank', { [header]: escaped(issued) }, server, stranger)).toEqual(refused);
    const claims = { [header]: escaped(issued), 'X-Forwarded-For': '127.0.0.1', Forwarded: 'for=127.0.0.1' };
    expect(await token('bank', claims, server, stranger)).toEqual(refused);
    expect(await token('bank', { [header]: escaped(issued) }, vouched, stranger)).toEqual(refused);
  });

  it('another header means nothing', async () => {
    expect(await token('bank', { 'Client-Cert': escaped(issued) })).toEqual(refused);
  });

  it('the header twice is refused: one may be the client’s own words', async () => {
    const [good, bad] = [escaped(issued), escaped(own)];
    for (const values of [
      [good, bad],
      [bad, good],
      [good, good],
      [good, ''],
    ]) {
      expect(await token('bank', { [header]: values })).toEqual([400, 'invalid_request']);
    }
  });

  it('what is no certificate is refused', async () => {
    for (const value of ['none', `${escaped(issued)}, ${escaped(own)}`, Buffer.from('x').toString('base64')]) {
      expect(await token('bank', { [header]: value })).toEqual([400, 'invalid_request']);
    }
  });

  it('a self-signed certificate of the same subject, which a lax proxy lets pass, is of none of the authorities', async () => {
    const forged = await selfSigned({ subject: bank });
    const another = await (await TestAuthority.create('Bank CA')).issue({ subject: bank });
    for (const { cert } of [forged, another]) {
      expect(await token('bank', { [header]: encodeURIComponent(cert) })).toEqual(refused);
    }
  });

  it('without authorities the proxy vouches for the chain, but not for what is over', async () => {
    const another = await (await TestAuthority.create('Bank CA')).issue({ subject: bank });
    expect(await token('bank', { [header]: escaped(another) }, vouched)).toEqual([200, 'accepted']);
    for (const usages of [['1.3.6.1.5.5.7.3.1'], undefined]) {
      const days = usages ? ([-1, 1] as const) : ([-3, -1] as const);
      const wrong = await authority.issue({ subject: bank, days, ...(usages && { usages }) });
      expect(await token('bank', { [header]: escaped(wrong) }, vouched)).toEqual(refused);
    }
  });

  it('nor does it for what has not begun', async () => {
    const early = await authority.issue({ subject: bank, days: [1, 3] });
    expect(await token('bank', { [header]: escaped(early) }, vouched)).toEqual(refused);
  });

  it('an authority that has expired has issued nothing', async () => {
    const expired = await TestAuthority.create('Old CA', [-3, -1]);
    const mtls = { certificate: { header }, trustedProxies: ['127.0.0.1'], certificateAuthorities: [expired.cert] };
    const late = await startServer({ options: { mtls, clients: clients() } });
    const certificate = await expired.issue({ subject: bank });
    expect(await token('bank', { [header]: escaped(certificate) }, late)).toEqual(refused);
    await late.close();
  });
});
