import { argon2 } from './argon2.scheme.js';
import { aspNetIdentity2, aspNetIdentity3 } from './asp-net-identity.scheme.js';
import { bcrypt } from './bcrypt.scheme.js';
import { djangoPbkdf2 } from './django-pbkdf2.scheme.js';
import type { PasswordScheme } from './password-scheme.js';
import { pbkdf2 } from './pbkdf2.scheme.js';
import { scrypt } from './scrypt.scheme.js';

const schemes: readonly PasswordScheme[] = [
  argon2,
  bcrypt,
  scrypt,
  pbkdf2,
  djangoPbkdf2,
  aspNetIdentity3,
  aspNetIdentity2,
];

/** @throws Error for a text in which `passwordHashFault` finds a fault */
export function schemeOf(passwordHash: string): PasswordScheme {
  const scheme = schemes.find((one) => one.recognises(passwordHash));
  if (!scheme) throw new Error('A password hash is in none of the forms that are known here');
  return scheme;
}
