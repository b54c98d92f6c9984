import { describe, expect, it } from '@jest/globals';
import { OAuthError } from './oauth-error.js';

describe('An error description', () => {
  const said = (description: string) => new OAuthError('invalid_request', description).message;

  it('has the characters of RFC 6749 §5.2 alone: nothing that it quotes breaks out of a header or a line', () => {
    expect(said('no "client"\\ here\r\nSet-Cookie: a=b, ü')).toBe("no 'client'? here??Set-Cookie: a=b, ?");
  });

  it('names a section of a specification in words', () => {
    expect(said('scope must contain openid (CIBA Core §7.1).')).toBe(
      'scope must contain openid (CIBA Core section 7.1).',
    );
  });
});
