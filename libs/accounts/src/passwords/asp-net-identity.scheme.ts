import { passwordHashForms } from '@tessera/resource-model';
import { matchesPbkdf2 } from './matches-pbkdf2.js';
import type { PasswordScheme } from './password-scheme.js';

/** KeyDerivationPrf of ASP.NET Core, by number. */
const digests = ['sha1', 'sha256', 'sha512'] as const;

/** ASP.NET Core Identity since its first version: what people of most IdentityServer4 installations come with. */
export const aspNetIdentity3: PasswordScheme = {
  recognises: (text) => passwordHashForms.aspNetIdentity3.pattern.test(text),
  verify(text, password) {
    const bytes = Buffer.from(text, 'base64');
    return matchesPbkdf2(password, {
      digest: digests[bytes.readUInt32BE(1)]!,
      iterations: bytes.readUInt32BE(5),
      salt: bytes.subarray(13, 29),
      hash: bytes.subarray(29),
    });
  },
};

/** ASP.NET Identity before that: always SHA-1, 1000 times. */
export const aspNetIdentity2: PasswordScheme = {
  recognises: (text) => passwordHashForms.aspNetIdentity2.pattern.test(text),
  verify(text, password) {
    const bytes = Buffer.from(text, 'base64');
    return matchesPbkdf2(password, {
      digest: 'sha1',
      iterations: 1000,
      salt: bytes.subarray(1, 17),
      hash: bytes.subarray(17),
    });
  },
};
