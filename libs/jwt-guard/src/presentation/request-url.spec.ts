import { requestUrl } from './request-url.js';

const request = { headers: {}, url: '/things?a=b', protocol: 'https', host: 'api.example.com' };

describe('The URL of a request', () => {
  it.each([
    'api.example.com',
    'localhost:3000',
    '127.0.0.1:80',
    '[::1]:3000',
    '[2001:DB8::1]',
    'xn--bcher-kva.example',
    'my_api',
  ])('begins with the scheme and the host that the adapter tells: %s', (host) => {
    expect(requestUrl({ ...request, host }, undefined)).toBe(`https://${host}/things?a=b`);
    expect(requestUrl({ ...request, host, protocol: 'http' }, undefined)).toBe(`http://${host}/things?a=b`);
  });

  it('begins with publicUrl where there is one, whatever the adapter tells', () => {
    expect(requestUrl(request, 'https://example.com/shop')).toBe('https://example.com/shop/things?a=b');
    const odd = { ...request, host: 'evil.example.com/?', protocol: undefined };
    expect(requestUrl(odd, 'https://example.com')).toBe('https://example.com/things?a=b');
  });

  it('ends with what was sent, where a router has changed it since', () => {
    expect(requestUrl({ ...request, originalUrl: '/v1/things', url: '/things' }, undefined)).toBe(
      'https://api.example.com/v1/things',
    );
  });

  it.each([
    ...[
      'a.example/x',
      'a.example?',
      'a.example#',
      'u@a.example',
      'u:p@a.example',
      'a.example\\x',
      'a.example:',
      'a b',
      'a,b',
    ],
    ...['a.example:80:80', 'a.example:x', '[::1', '::1', '', ' ', 'é.example', 'a%2fb', 'a.example\n'],
  ])('cannot be told where the host is more than a host: %j', (host) => {
    expect(requestUrl({ ...request, host }, undefined)).toBeUndefined();
  });

  it.each(['', 'ftp', 'HTTPS', 'https:', 'http://evil.example/?', 'ws', undefined])(
    'cannot be told where the scheme is %j',
    (protocol) => {
      expect(requestUrl({ ...request, protocol }, undefined)).toBeUndefined();
    },
  );

  it.each(['http://evil.example.com/things', '*', '', '@evil.example.com', '.evil.example.com', undefined])(
    'cannot be told where the target is %j: it could name a host of its own (RFC 9112 §3.2.2)',
    (url) => {
      expect(requestUrl({ ...request, url }, undefined)).toBeUndefined();
      expect(requestUrl({ ...request, url }, 'https://api.example.com')).toBeUndefined();
    },
  );
});
