import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { keyPairFor } from './signing-keys.spec.fixture.js';
import { certificateThumbprint, jwkThumbprint } from './thumbprints.js';

describe('jwkThumbprint', () => {
  it('RFC 7638 §3.1: is that of the example', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs' +
      'tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbI' +
      'SD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' };
    expect(jwkThumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it.each(['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
    'is that of jose for %s, whatever else the key says',
    async (algorithm) => {
      const { jwk } = keyPairFor(algorithm);
      const reversed = Object.fromEntries(
        Object.entries({ ...jwk, kid: 'a', use: 'sig', toJSON: 'b' }).reverse(),
      ) as JWK;
      expect(jwkThumbprint(reversed)).toBe(await calculateJwkThumbprint(jwk));
    },
  );

  it.each([
    [{}],
    [{ kty: 'oct', k: 'AAAA' }],
    [{ kty: 'EC', crv: 'P-256', x: 'AAAA' }],
    [{ kty: 'OKP', crv: 'Ed25519', x: ['AAAA'] }],
    [{ kty: 'toString' }],
  ])('is not made of %j', (jwk) => {
    expect(() => jwkThumbprint(jwk as JWK)).toThrow(expect.objectContaining({ code: 'key_unusable' }));
  });
});

describe('certificateThumbprint', () => {
  it('RFC 8705 §3.1, appendix A: is that of the example', () => {
    const der =
      'MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMG' +
      'ByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZI' +
      'zj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=';
    expect(certificateThumbprint(Buffer.from(der, 'base64'))).toBe('A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0');
  });
});
