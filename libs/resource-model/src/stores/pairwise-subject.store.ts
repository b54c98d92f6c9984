/** Whom a pairwise `sub` means (OpenID Connect Core §8.1): it is a hash, so nothing but this list leads back. */
export abstract class PairwiseSubjectStore {
  /** Notes whom the identifier means; content when it is known already. */
  abstract add(identifier: string, subject: string): Promise<void>;

  /** The person's own subject. */
  abstract find(identifier: string): Promise<string | undefined>;
}
