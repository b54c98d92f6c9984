import { describe, expect, it } from '@jest/globals';
import { isSameTarget, normalTarget } from './target-uri.js';

describe('isSameTarget', () => {
  it.each([
    [
      'RFC 3986 §6.2.2.1: scheme and host do not depend on case',
      'HTTPS://API.Example.COM/a',
      'https://api.example.com/a',
    ],
    ['RFC 3986 §6.2.2.1: percent-encoding does not depend on case', 'https://h/a%c3%a4%2f', 'https://h/a%C3%A4%2F'],
    ['RFC 3986 §6.2.2.2: what need not be encoded may be', 'https://h/%61%2D%7e%5F%30', 'https://h/a-~_0'],
    ['RFC 3986 §6.2.2.3: dot segments go', 'https://h/a/./b/../c', 'https://h/a/c'],
    ['RFC 3986 §6.2.2.3: encoded dot segments go too', 'https://h/a/%2e%2E/c', 'https://h/c'],
    ['RFC 3986 §6.2.3: an empty path is a slash', 'https://h', 'https://h/'],
    ['RFC 3986 §6.2.3: the port of the scheme is none (https)', 'https://h:443/a', 'https://h/a'],
    ['RFC 3986 §6.2.3: the port of the scheme is none (http)', 'http://h:80/a', 'http://h/a'],
    ['RFC 3986 §6.2.3: an empty port is none', 'https://h:/a', 'https://h/a'],
    ['the query does not count', 'https://h/a?b', 'https://h/a?c=/d'],
    ['the fragment does not count', 'https://h/a#b', 'https://h/a'],
    ['an address of version 6', 'http://[0:0::1]:3000/a', 'http://[::1]:3000/a'],
    ['what a browser leaves raw in a path', "https://h/a|b^c'", "https://h/a%7Cb%5Ec'"],
  ])('%s', (_, htu, url) => {
    expect(isSameTarget(htu, url)).toBe(true);
    expect(isSameTarget(url, htu)).toBe(true);
  });

  it.each([
    ['paths depend on case', 'https://h/A', 'https://h/a'],
    ['reserved characters are not the same encoded', 'https://h/a%2Fb', 'https://h/a/b'],
    ['nothing is decoded twice', 'https://h/%2561', 'https://h/%61'],
    ['a doubled slash is a path of its own', 'https://h//a', 'https://h/a'],
    ['a slash at the end counts', 'https://h/a/', 'https://h/a'],
    ['another port', 'https://h:444/a', 'https://h/a'],
    ['another scheme', 'http://h/a', 'https://h/a'],
    ['a host with a dot at its end', 'https://h./a', 'https://h/a'],
  ])('is false: %s', (_, htu, url) => {
    expect(isSameTarget(htu, url)).toBe(false);
    expect(isSameTarget(url, htu)).toBe(false);
  });

  it.each([
    '',
    'a',
    '/a',
    'ftp://h/a',
    'https://',
    'https:///h/a',
    'https:h/a',
    'https://h\\a',
    'https://h/a b',
    'https://h/ä',
    'https://h/%',
    'https://h/%2',
    'https://h/%zz',
    'https://h:99999/',
    'https://u@h/a',
    'https://u:p@h/a',
    '\thttps://h/a',
    'javascript:alert(1)',
  ])('finds no target in what is no plain http URL: %j', (text) => {
    expect(normalTarget(text)).toBeUndefined();
    expect(isSameTarget(text, `${text}?`)).toBe(false);
  });
});
