import { describe, expect, it } from '@jest/globals';
import { createHandle, hashHandle } from '@tessera/resource-model';
import { sealTokens, unsealTokens } from './sealed-tokens.js';

const tokens = { accessToken: 'an access token', expiresIn: 3600, scopes: ['api1'], refreshToken: createHandle() };

describe('A sealed response', () => {
  it('is opened by the token that it answered', () => {
    const handle = createHandle();
    expect(unsealTokens(sealTokens(tokens, handle), handle)).toEqual(tokens);
  });

  it('shows nothing of what is in it, and is another each time', () => {
    const handle = createHandle();
    const sealed = [sealTokens(tokens, handle), sealTokens(tokens, handle)];
    expect(sealed[0]).not.toBe(sealed[1]);
    for (const each of sealed) expect(Buffer.from(each, 'base64url').includes('an access token')).toBe(false);
  });

  it('is opened neither by another token nor by what a store keeps of its own', () => {
    const handle = createHandle();
    const sealed = sealTokens(tokens, handle);
    for (const other of [createHandle(), hashHandle(handle), '']) expect(() => unsealTokens(sealed, other)).toThrow();
  });

  it('does not open where a bit of it is changed', () => {
    const handle = createHandle();
    const bytes = Buffer.from(sealTokens(tokens, handle), 'base64url');
    for (const at of [0, 12, 28, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      expect(() => unsealTokens(changed.toString('base64url'), handle)).toThrow();
    }
  });
});
