import { describe, expect, it } from '@jest/globals';
import { decodeBytes, decodeObject, splitCompactJws } from './compact-jws.js';
import { JwsError } from './jws.error.js';
import { encodePart } from './signing-keys.spec.fixture.js';

const malformed = expect.objectContaining({ name: 'JwsError', code: 'malformed' });

describe('splitCompactJws', () => {
  it('gives the three parts and what the signature covers', () => {
    expect(splitCompactJws('aaaa.bbbb.cccc')).toEqual({
      text: 'aaaa.bbbb.cccc',
      header: 'aaaa',
      payload: 'bbbb',
      signature: 'cccc',
      signingInput: 'aaaa.bbbb',
    });
  });

  it('reads an empty payload and an empty signature: whether they are good is not for it to say', () => {
    expect(splitCompactJws('aaaa..cccc').payload).toBe('');
    expect(splitCompactJws('aaaa.bbbb.').signature).toBe('');
  });

  it.each([
    ['nothing', ''],
    ['no dot', 'aaaa'],
    ['one dot', 'aaaa.bbbb'],
    ['two dots and no header', '.bbbb.cccc'],
    ['dots alone', '..'],
    ['a fourth part', 'aaaa.bbbb.cccc.dddd'],
    ['an empty fourth part', 'aaaa.bbbb.cccc.'],
    ['a JWE', 'aaaa.bbbb.cccc.dddd.eeee'],
  ])('refuses what does not have three parts: %s', (_, text) => {
    expect(() => splitCompactJws(text)).toThrow(malformed);
  });

  describe('RFC 7515 §2: base64url has no padding, no line breaks, no white space and nothing else beside its alphabet', () => {
    it.each(['=', '==', ' ', '\n', '\r\n', '\t', '\0', '+', '/', '%', ',', 'é', '\u0100', '\ud83d\ude00', '\ufeff'])(
      'refuses %j in each part, at its begin, in it and at its end',
      (stray) => {
        for (const part of [`${stray}aaaa`, `aa${stray}aa`, `aaaa${stray}`]) {
          expect(() => splitCompactJws(`${part}.bbbb.cccc`)).toThrow(malformed);
          expect(() => splitCompactJws(`aaaa.${part}.cccc`)).toThrow(malformed);
          expect(() => splitCompactJws(`aaaa.bbbb.${part}`)).toThrow(malformed);
        }
      },
    );
  });

  it('RFC 4648 §3.5: of all ways to write one or two bytes accepts the one whose unused bits are zero', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const last of alphabet) {
      for (const part of [`A${last}`, `AA${last}`, `AAAA${last}`]) {
        const isCanonical = Buffer.from(part, 'base64url').toString('base64url') === part;
        const split = () => splitCompactJws(`aaaa.bbbb.${part}`);
        if (isCanonical) expect(split().signature).toBe(part);
        else expect(split).toThrow(malformed);
      }
    }
  });

  it('says nothing of the token in its messages', () => {
    try {
      splitCompactJws('c2VjcmV0.c2VjcmV0');
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(JwsError);
      expect((error as Error).message).toBe('The JWS is malformed: it does not have three parts.');
    }
  });
});

describe('decodeObject', () => {
  it('reads an object', () => {
    expect(decodeObject(encodePart({ alg: 'ES256', ü: '€😀' }))).toEqual({ alg: 'ES256', ü: '€😀' });
  });

  it.each([
    ['null'],
    ['true'],
    ['1'],
    ['"alg"'],
    ['[]'],
    ['[{"alg":"ES256"}]'],
    [''],
    ['{'],
    ['{"a":1}x'],
    ["{'a':1}"],
    ['{"a":1,}'],
  ])('refuses what is not one JSON object: %s', (json) => {
    expect(() => decodeObject(encodePart(json))).toThrow(malformed);
  });

  it.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a stray continuation', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['a code point beyond the last', [0xf4, 0x90, 0x80, 0x80]],
  ])('RFC 7515 §5.2 refuses what is not UTF-8: %s', (_, bytes) => {
    const json = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(() => decodeObject(encodePart(json))).toThrow(malformed);
  });

  it('RFC 8259 §8.1: refuses a byte order mark', () => {
    expect(() => decodeObject(encodePart('\ufeff{"a":1}'))).toThrow(malformed);
  });

  it('refuses UTF-16', () => {
    expect(() => decodeObject(encodePart(Buffer.from('{"a":1}', 'utf16le')))).toThrow(malformed);
  });

  it('RFC 7515 §4: of a member that stands twice the last one counts', () => {
    expect(decodeObject(encodePart('{"alg":"none","alg":"ES256"}'))).toEqual({ alg: 'ES256' });
  });

  it('takes __proto__ for a member like others, which lends its members to nobody', () => {
    const header = decodeObject(encodePart('{"__proto__":{"alg":"ES256"}}'));
    expect(header.alg).toBeUndefined();
    expect(Object.getPrototypeOf(header)).toBe(Object.prototype);
  });

  it('survives a hundred thousand brackets', () => {
    expect(() => decodeObject(encodePart('['.repeat(100_000)))).toThrow(malformed);
    expect(() => decodeObject(encodePart(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toThrow(malformed);
  });
});

describe('decodeBytes', () => {
  it('gives the bytes', () => {
    expect(decodeBytes(encodePart(Buffer.from([0, 255, 254])))).toEqual(Buffer.from([0, 255, 254]));
  });
});
