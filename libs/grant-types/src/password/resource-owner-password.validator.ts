import type { Client } from '@tessera/resource-model';

/** A person whose password was right. */
export interface VerifiedPerson {
  readonly subject: string;
  /** How the person was recognised (RFC 8176); `['pwd']` unless told otherwise. */
  readonly methods?: readonly string[];
}

/** Where a password comes from: by this wrong ones are counted. */
export interface SignInOrigin {
  /** The application the person signs in to or, with the password grant, the one that hands the password over. */
  readonly client?: Client;
  /** Network address of the person's browser. */
  readonly address?: string;
  /** Handle (plain) that this browser was given when somebody signed in with it: a device that is known for an account. */
  readonly device?: string;
}

/** Checks the password of a person. An application with its own accounts provides its own. */
export abstract class ResourceOwnerPasswordValidator {
  /**
   * The person, or undefined for a wrong password, an unknown user name or a locked account: the caller
   * cannot tell them apart, and neither must the time it takes.
   * @throws TooManyAttemptsError where too many have failed: the password was not looked at
   */
  abstract validate(username: string, password: string, origin?: SignInOrigin): Promise<VerifiedPerson | undefined>;
}
