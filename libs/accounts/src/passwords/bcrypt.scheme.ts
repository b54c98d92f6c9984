import { timingSafeEqual } from 'node:crypto';
import { passwordHashForms } from '@tessera/resource-model';
import { truncates } from 'bcryptjs';
import { hashByBcrypt } from './bcrypt-thread.js';
import type { PasswordScheme } from './password-scheme.js';

/** `$2b$`, the cost, `$` and the salt: 29 characters; the other 31 are the hash. */
const saltLength = 29;

/** bcrypt under its three names, which mean the same for every password in UTF-8. */
export const bcrypt: PasswordScheme = {
  recognises: (text) => passwordHashForms.bcrypt.pattern.test(text),
  async verify(text, password) {
    const computed = await hashByBcrypt(password, text.slice(0, saltLength));
    // The salt is left out: some write it with bits in its last character that do not count.
    return timingSafeEqual(Buffer.from(computed.slice(saltLength)), Buffer.from(text.slice(saltLength)));
  },
  // bcrypt cuts off what comes after 72 bytes.
  looksAtWhole: (password) => !truncates(password),
};
