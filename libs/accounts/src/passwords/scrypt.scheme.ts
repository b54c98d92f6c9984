import { scrypt as derive, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { partsOf, passwordHashForms } from '@tessera/resource-model';
import type { PasswordScheme } from './password-scheme.js';

const deriveKey = promisify<string, Buffer, number, ScryptOptions, Buffer>(derive);

/** scrypt (RFC 7914) as a PHC string, the cost as the logarithm of N. */
export const scrypt: PasswordScheme = {
  recognises: (text) => passwordHashForms.scrypt.pattern.test(text),
  async verify(text, password) {
    const { ln, r, p, salt, hash } = partsOf(passwordHashForms.scrypt, text);
    const [cost, blockSize, parallelization] = [2 ** Number(ln), Number(r), Number(p)];
    // Node refuses by default what takes more than 32 MiB; how much is needed is bounded by the form's rule.
    const maxmem = 128 * blockSize * (cost + parallelization + 8);
    const expected = Buffer.from(hash!, 'base64');
    const options = { cost, blockSize, parallelization, maxmem };
    return timingSafeEqual(await deriveKey(password, Buffer.from(salt!, 'base64'), expected.length, options), expected);
  },
};
