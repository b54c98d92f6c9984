import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Encryption, EncryptionError } from './encryption.js';

const key = () => randomBytes(32).toString('base64');

describe('Encryption', () => {
  it('opens what it sealed, for the place for which it was sealed', () => {
    const encryption = new Encryption([key()]);
    const sealed = encryption.seal('a private key', 'signing key 1');
    expect(sealed).not.toContain('private');
    expect(encryption.open(sealed, 'signing key 1')).toBe('a private key');
    expect(() => encryption.open(sealed, 'signing key 2')).toThrow(EncryptionError);
  });

  it('never gives the same text twice', () => {
    const encryption = new Encryption([key()]);
    expect(encryption.seal('x', 'here')).not.toBe(encryption.seal('x', 'here'));
  });

  it('seals with the first key and opens with all, so that a key can be changed', () => {
    const [old, young] = [key(), key()];
    const sealed = new Encryption([old]).seal('x', 'here');
    const changing = new Encryption([young, old]);
    expect(changing.open(sealed, 'here')).toBe('x');
    expect([changing.isOld(sealed), changing.isOld(changing.seal('x', 'here'))]).toEqual([true, false]);
    expect(new Encryption([young]).open(changing.seal('x', 'here'), 'here')).toBe('x');
  });

  it('says which key is missing, and no key', () => {
    const [mine, other] = [key(), key()];
    const sealed = new Encryption([other]).seal('x', 'signing key 1');
    const open = () => new Encryption([mine]).open(sealed, 'signing key 1');
    expect(open).toThrow(
      /^signing key 1 is encrypted with key [0-9a-f]{8}, which is not among the encryption keys given \([0-9a-f]{8}\)\./,
    );
    expect(open).not.toThrow(mine);
  });

  it('notices what was changed', () => {
    const encryption = new Encryption([key()]);
    const sealed = encryption.seal('a long enough text', 'here');
    for (let position = sealed.lastIndexOf('.') + 1; position < sealed.length - 1; position += 7) {
      const other = sealed[position] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, position) + other + sealed.slice(position + 1);
      expect(() => encryption.open(changed, 'here')).toThrow(EncryptionError);
    }
    for (const text of ['', 'plain', 'v2.x.y', 'v1.abc', sealed.slice(0, 20)]) {
      expect(() => encryption.open(text, 'here')).toThrow(EncryptionError);
    }
  });

  it.each([
    [[]],
    [['short']],
    [[process.env.NOT_SET!]],
    [[key(), 'x'.repeat(43) + '!']],
    [[randomBytes(31).toString('base64')]],
  ])('takes no other keys than 32 bytes in base64: %j', (keys) => expect(() => new Encryption(keys)).toThrow(/key/));
});
