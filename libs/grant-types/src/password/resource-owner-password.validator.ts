import type { Client } from '@tessera/resource-model';

/** A person whose password was right. */
export interface VerifiedPerson {
  readonly subject: string;
  /** How the person was recognised (RFC 8176); `['pwd']` unless told otherwise. */
  readonly methods?: readonly string[];
}

/** Checks the password of a person. An application with its own accounts provides its own. */
export abstract class ResourceOwnerPasswordValidator {
  /**
   * The person, or undefined for a wrong password, an unknown user name or a locked account: the caller
   * cannot tell them apart, and neither must the time it takes.
   */
  abstract validate(username: string, password: string, client: Client): Promise<VerifiedPerson | undefined>;
}
