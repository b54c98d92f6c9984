import { describe, expect, it } from '@jest/globals';
import { originOf, pictureUrl, returnUrl, schemeOf, webUrl } from './safe-url.js';

const harmful = [
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://example.com/1',
  'file:///etc/passwd',
  'about:blank',
  '//evil.example',
  '/path',
  '',
  undefined,
  {},
];

describe('An address in a page', () => {
  it.each(harmful)('is left out where it is %j', (url) => {
    expect([webUrl(url), pictureUrl(url), returnUrl(url)]).toEqual([undefined, undefined, undefined]);
  });

  it('is an http or https URL in links', () => {
    expect(webUrl('https://example.com/?a="b"')).toBe('https://example.com/?a=%22b%22');
    expect(webUrl('http://localhost:7001')).toBe('http://localhost:7001/');
    expect(webUrl('com.example.app:/home')).toBeUndefined();
  });

  it('is an https URL for pictures', () => {
    expect(pictureUrl('https://example.com/a.png')).toBe('https://example.com/a.png');
    expect(pictureUrl('http://example.com/a.png')).toBeUndefined();
  });

  it('may be of an application on the device where a client is answered (RFC 8252 §7.1)', () => {
    expect(returnUrl('com.example.app:/out?state=1')).toBe('com.example.app:/out?state=1');
  });

  it.each([
    ['https://app.example.com/out?x=1', 'https://app.example.com', 'https:'],
    ['http://[::1]:7001/out', 'http://[::1]:7001', 'http:'],
    ['com.example.app:/out', undefined, 'com.example.app:'],
    ['javascript:alert(1)', undefined, undefined],
  ])('stands in a policy: %s as %s, or %s', (url, origin, scheme) =>
    expect([originOf(url), schemeOf(url)]).toEqual([origin, scheme]),
  );
});
