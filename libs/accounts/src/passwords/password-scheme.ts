/** One way in which passwords were hashed, here or where people come from. */
export interface PasswordScheme {
  recognises(text: string): boolean;

  /** @param text recognised, and without a fault: its cost is bounded */
  verify(text: string, password: string): Promise<boolean>;

  /** Whether all of the password is looked at; where this is missing, all of every password is. */
  looksAtWhole?(password: string): boolean;
}
