import { verify } from '@node-rs/argon2';
import { passwordHashForms } from '@tessera/resource-model';
import type { PasswordScheme } from './password-scheme.js';

/** argon2id, argon2i and argon2d, as PHC strings (RFC 9106): what is hashed here, and elsewhere with other parameters. */
export const argon2: PasswordScheme = {
  recognises: (text) => passwordHashForms.argon2.pattern.test(text),
  verify: (text, password) => verify(text, password),
};
