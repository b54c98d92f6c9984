import { passwordHashForms } from '@tessera/resource-model';

/** How a password was hashed, in a word or two, and nothing else of the hash. */
export function passwordKind(passwordHash: string | undefined): string {
  if (passwordHash === undefined) return 'none';
  const [form] = Object.values(passwordHashForms).filter(({ pattern }) => pattern.test(passwordHash));
  if (!form) return 'unknown';
  // The family has members: $argon2id$…, $pbkdf2-sha256$….
  return /^\$((?:argon2|pbkdf2)[^$]*)\$/.exec(passwordHash)?.[1] ?? form.name;
}
