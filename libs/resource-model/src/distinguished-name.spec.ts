import { describe, expect, it } from '@jest/globals';
import { isSameName, parseDistinguishedName as parse } from './distinguished-name.js';

const cn = '2.5.4.3';
const o = '2.5.4.10';
const ou = '2.5.4.11';

describe('A distinguished name', () => {
  it('RFC 4514 §2.1: is written with the last part of the certificate first', () => {
    const name = [[{ type: '2.5.4.6', text: 'DE' }], [{ type: o, text: 'Bank' }], [{ type: cn, text: 'client' }]];
    expect(parse('CN=client,O=Bank,C=DE')).toEqual(name);
    expect(parse(' cn = client , o=Bank, 2.5.4.6=DE ')).toEqual(name);
  });

  it.each([
    ['CN=a\\,b', 'a,b'],
    ['CN=a\\2Cb', 'a,b'],
    ['CN=a\\+b\\=c\\"d\\\\', 'a+b=c"d\\'],
    ['CN=\\ a\\ ', ' a '],
    ['CN= a  ', 'a'],
    ['CN=\\#a', '#a'],
    ['CN=a=b', 'a=b'],
    ['CN=Lu\\C4\\8Di\\C4\\87', 'Lučić'],
    ['CN=Lučić', 'Lučić'],
    ['CN=a\\0D\\0Ab', 'a\r\nb'],
    ['CN=a\\00b', 'a\0b'],
    ['CN=#0C0161', 'a'],
    ['CN=𝄞', '𝄞'],
  ])('RFC 4514 §2.4: %s has its escapes undone', (text, value) => {
    expect(parse(text)).toEqual([[{ type: cn, text: value }]]);
  });

  it('RFC 4514 §2.4: keeps a value that is no text as its bytes', () => {
    expect(parse('1.2.3=#04024869')).toEqual([[{ type: '1.2.3', der: '04024869' }]]);
  });

  it('RFC 4514 §2.2: has parts with several attributes', () => {
    expect(parse('OU=a+CN=b,O=c')).toEqual([
      [{ type: o, text: 'c' }],
      [
        { type: ou, text: 'a' },
        { type: cn, text: 'b' },
      ],
    ]);
  });

  it.each([
    [''],
    ['client'],
    ['CN='],
    ['CN=a,'],
    ['CN=a,,O=b'],
    ['CN=a;O=b'],
    ['CN="a,b"'],
    ['CN=a\\'],
    ['CN=a\\x'],
    ['CN=a\\C4'],
    ['CN=#'],
    ['CN=#0g'],
    ['NICK=a'],
    ['constructor=a'],
    ['/CN=a/O=b'],
    ['CN=a\0'],
  ])('is refused where it cannot be read: %j', (text) => {
    expect(() => parse(text)).toThrow();
  });
});

describe('Two distinguished names', () => {
  const same = (one: string, other: string) => isSameName(parse(one), parse(other));

  it.each([
    ['CN=Client  One,O=b', 'cn=client one, O=B'],
    ['CN=a+OU=b,O=c', 'OU=b+CN=a,O=c'],
    ['CN=a', 'CN=#0C0161'],
    ['CN=a', 'CN=#130161'],
    ['CN=\\ a\\ ', 'CN=a'],
    ['CN=é', 'CN=e\\CC\\81'],
  ])('RFC 5280 §7.1: are the same whatever the case, the spaces and the way of writing: %s and %s', (one, other) => {
    expect(same(one, other)).toBe(true);
  });

  it.each([
    ['CN=a,O=b', 'O=b,CN=a'],
    ['CN=a,O=b', 'CN=a+O=b'],
    ['CN=a\\,O=b', 'CN=a,O=b'],
    ['CN=a\\+OU=b', 'CN=a+OU=b'],
    ['CN=a', 'CN=a,O=b'],
    ['CN=a', 'OU=a'],
    ['CN=a,OU=b,OU=c', 'CN=a,OU=c,OU=b'],
    ['CN=ab', 'CN=a b'],
    ['CN=a', 'CN=a\\00'],
    ['CN=a', 'CN=а'],
    ['CN=a', 'CN=a\\C2\\AD'],
    ['CN=a', 'CN=#040161'],
  ])('are different in order, parts and content: %s and %s', (one, other) => {
    expect(same(one, other)).toBe(false);
  });
});
