import { partsOf, passwordHashForms } from '@tessera/resource-model';
import { matchesPbkdf2, type Pbkdf2Hash } from './matches-pbkdf2.js';
import type { PasswordScheme } from './password-scheme.js';

/** PBKDF2 as passlib writes it; without the name of a digest it is SHA-1. */
export const pbkdf2: PasswordScheme = {
  recognises: (text) => passwordHashForms.pbkdf2.pattern.test(text),
  verify(text, password) {
    const { digest = 'sha1', iterations, salt, hash } = partsOf(passwordHashForms.pbkdf2, text);
    return matchesPbkdf2(password, {
      digest: digest as Pbkdf2Hash['digest'],
      iterations: Number(iterations),
      salt: decode(salt!),
      hash: decode(hash!),
    });
  },
};

/** Base64 with a dot for the plus. */
function decode(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}
