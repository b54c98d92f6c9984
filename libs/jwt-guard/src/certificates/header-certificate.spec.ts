import { AccessTokenError } from '../token/access-token.error.js';
import { clientCertificateThumbprint } from './client-certificate.js';
import { selfSigned } from './client-certificates.spec.fixture.js';

const certificate = selfSigned('client');
const another = selfSigned('another');
const base64 = certificate.der.toString('base64');
const escaped = encodeURIComponent(certificate.cert);

/** What Express gives for a request with these headers, in the order in which they were sent. */
function request(...headers: [name: string, value: string][]) {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = joined.get(name.toLowerCase());
    joined.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { headers: Object.fromEntries(joined), rawHeaders: headers.flat() };
}

const thumbprint = (value: string, header = 'X-Client-Cert') =>
  clientCertificateThumbprint(request(['Host', 'api'], [header, value]), { header });

function refusal(task: () => unknown): AccessTokenError {
  try {
    task();
  } catch (error) {
    if (error instanceof AccessTokenError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('The certificate that a proxy passes on', () => {
  it.each([
    ['URL-encoded PEM (nginx)', escaped],
    ['URL-encoded PEM that leaves + = / as they are (AWS)', escaped.replace(/%(?:2B|2F|3D)/g, decodeURIComponent)],
    ['URL-encoded PEM with CRLF', encodeURIComponent(certificate.cert.replaceAll('\n', '\r\n'))],
    ['PEM with spaces in place of the line breaks (Apache)', certificate.cert.replaceAll('\n', ' ')],
    ['PEM with tabs before its lines', certificate.cert.trim().replaceAll('\n', '\t')],
    ['base64 of the DER (HAProxy)', base64],
    ['URL-encoded base64 of the DER', encodeURIComponent(base64)],
    ['a Byte Sequence (RFC 9440)', `:${base64}:`],
    ['a chain, which begins with the client (RFC 8446 §4.4.2)', encodeURIComponent(certificate.cert + another.cert)],
  ])('is read as %s', (_, value) => {
    expect(thumbprint(value)).toBe(certificate.thumbprint);
    expect(thumbprint(value)).toBe(certificate.thumbprint);
  });

  it.each([
    ['Cert alone', `Cert="${escaped}"`],
    ['Cert among others', `By=spiffe://a/b;Hash=ab;Cert="${escaped}";Subject="CN=a,O=\\"b;c\\"";URI=;DNS=localhost`],
    ['Cert without quotes', `Hash=ab;Cert=${escaped};URI=spiffe://a`],
  ])("is read in Envoy's form: %s", (_, value) => {
    expect(thumbprint(value, 'X-Forwarded-Client-Cert')).toBe(certificate.thumbprint);
  });

  it('is found whatever the case of the name, and in node’s request inside of Fastify’s', () => {
    const { headers, rawHeaders } = request(['X-SSL-CERT', escaped]);
    const found = clientCertificateThumbprint({ headers, raw: { rawHeaders } }, { header: 'x-Ssl-Cert' });
    expect(found).toBe(certificate.thumbprint);
  });

  it.each([[''], ['(null)']])('is absent where the client has shown none: %j', (value) => {
    expect(thumbprint(value)).toBeUndefined();
    expect(clientCertificateThumbprint(request(['Host', 'api']), { header: 'X-Client-Cert' })).toBeUndefined();
  });

  it('is not taken from the header when the socket is what counts', () => {
    expect(clientCertificateThumbprint({ ...request(['Client-Cert', base64]), socket: {} }, 'socket')).toBeUndefined();
  });

  it('stays itself among thousands of others', () => {
    for (let n = 0; n < 2_500; n++) {
      expect(thumbprint(`${' '.repeat(n % 1_250)}${n % 2 ? base64 : another.der.toString('base64')}`)).toBe(
        n % 2 ? certificate.thumbprint : another.thumbprint,
      );
    }
  });
});

describe('A header with a certificate is refused', () => {
  it.each([
    [
      ['X-Client-Cert', base64],
      ['X-Client-Cert', another.der.toString('base64')],
    ],
    [
      ['X-Client-Cert', base64],
      ['x-client-cert', base64],
    ],
    [
      ['X-Client-Cert', base64],
      ['X-CLIENT-CERT', ''],
    ],
  ] as [string, string][][])('when it comes twice: the client may have sent the other', (...headers) => {
    const twice = () => clientCertificateThumbprint(request(...headers), { header: 'X-Client-Cert' });
    expect(refusal(twice).code).toBe('request_malformed');
  });

  it('when it is longer than 16 kB', () => {
    expect(refusal(() => thumbprint(`${' '.repeat(16_384)}${base64}`)).code).toBe('certificate_mismatch');
  });

  it.each([
    ['text', 'none'],
    ['base64 of something else', Buffer.from('something else').toString('base64')],
    ['a certificate that is cut off', base64.slice(0, 200)],
    ['more than a certificate', Buffer.concat([certificate.der, Buffer.from('more')]).toString('base64')],
    ['two certificates in one', Buffer.concat([certificate.der, another.der]).toString('base64')],
    ['two values that a proxy joined', `${base64}, ${another.der.toString('base64')}`],
    ['two PEM values that a proxy joined', `${escaped}, ${encodeURIComponent(another.cert)}`],
    ['a chain that ends in something else', encodeURIComponent(`${certificate.cert}and more`)],
    ['a list (RFC 9440 has one certificate)', `:${base64}:, :${another.der.toString('base64')}:`],
    ['a broken escape', `${escaped}%`],
    ['an escape that is no UTF-8', `${escaped}%FF`],
    ['base64url', certificate.der.toString('base64url').replace(/^.../, 'M-_')],
    ['a private key', encodeURIComponent(certificate.key)],
    ['one colon', ':'],
  ])('when it holds %s', (_, value) => {
    expect(refusal(() => thumbprint(value))).toMatchObject({
      code: 'certificate_mismatch',
      message: 'The header X-Client-Cert holds no readable client certificate.',
    });
  });

  it.each([
    ['has no Cert', 'By=spiffe://a;Hash=ab'],
    ['has an empty Cert', 'Cert=""'],
    ['has elements of several proxies, of which the client may have written the first', `Cert="${escaped}",Hash=ab`],
    ['has elements of several proxies, and the certificate in the last', `Hash=ab,Cert="${escaped}"`],
    ['has two certificates: a name that the client chose may hold one', `Cert="${escaped}";URI=x;Cert="${escaped}"`],
    ['has a Cert in the Subject alone', `Subject="CN=a;Cert=\\"${escaped}\\""`],
    ['does not end', `Subject="CN=a;Cert=${escaped}`],
    ['is something else', base64],
    ['ends in a semicolon', `Cert="${escaped}";`],
  ])("when Envoy's %s", (_, value) => {
    expect(refusal(() => thumbprint(value, 'X-Forwarded-Client-Cert')).code).toBe('certificate_mismatch');
  });
});
