import type { User } from '@tessera/resource-model';
import type { ConfiguredEntry } from '@tessera/typeorm-store';
import { passwordKind } from './password-kind.js';

/** A person as anybody may see one who may use the command line: of the password its kind alone. */
export function shownPerson({ item, isOfFile }: ConfiguredEntry<User>) {
  const { subject, username, enabled, passwordHash, claims } = item;
  const { name } = claims;
  return {
    subject,
    username,
    ...(typeof name === 'string' && { name }),
    enabled,
    password: passwordKind(passwordHash),
    from: isOfFile ? 'file' : 'database',
  } as const;
}
