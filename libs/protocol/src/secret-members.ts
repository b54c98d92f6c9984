/** What a public key must not have, of whatever type it is (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Whether a key in JSON shows something that only its holder may know: of a private or a symmetric key. */
export function hasSecretMembers(jwk: object): boolean {
  const members = jwk as Readonly<Record<string, unknown>>;
  return secretMembers.some((member) => members[member] !== undefined);
}
