import { partsOf, passwordHashForms } from '@tessera/resource-model';
import { matchesPbkdf2 } from './matches-pbkdf2.js';
import type { PasswordScheme } from './password-scheme.js';

/** PBKDF2 as Django writes it: the salt is the text itself. */
export const djangoPbkdf2: PasswordScheme = {
  recognises: (text) => passwordHashForms.djangoPbkdf2.pattern.test(text),
  verify(text, password) {
    const { iterations, salt, hash } = partsOf(passwordHashForms.djangoPbkdf2, text);
    return matchesPbkdf2(password, {
      digest: 'sha256',
      iterations: Number(iterations),
      salt: Buffer.from(salt!),
      hash: Buffer.from(hash!, 'base64'),
    });
  },
};
