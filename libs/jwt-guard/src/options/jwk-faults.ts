import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { isObject, isText } from './option-rules.js';
import { privateMembers } from './shown-value.js';

/** What a public key of each type must have (RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2). */
const publicMembers: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['RSA', ['n', 'e']],
  ['EC', ['crv', 'x', 'y']],
  ['OKP', ['crv', 'x']],
]);

/** What signatures are checked with here. */
const curves: ReadonlyMap<unknown, readonly unknown[]> = new Map([
  ['RSA', [undefined]],
  ['EC', ['P-256', 'P-384', 'P-521']],
  ['OKP', ['Ed25519']],
]);

/** What is wrong with the members of a key set, an empty one aside: each by its index and without a word of the key itself. */
export function jwkFaults(keys: readonly unknown[], at: string): string[] {
  const faults = keys.flatMap((jwk, index) => {
    const fault = jwkFault(jwk);
    return fault === undefined ? [] : [`${at}jwks.keys[${index}]: ${fault}`];
  });
  if (faults.length > 0 || keys.length === 0 || keys.some((jwk) => isForSignatures(jwk as Record<string, unknown>)))
    return faults;
  return [
    `${at}jwks: none of its keys is for signatures (RSA, P-256, P-384, P-521 or Ed25519, with use 'sig' or none).`,
  ];
}

function jwkFault(jwk: unknown): string | undefined {
  if (!isObject(jwk)) return 'give a public JWK, an object.';
  if (jwk.kty === 'oct') return 'it is a symmetric key, which can make tokens as well; give a public key.';
  const secret = privateMembers.filter((member) => jwk[member] !== undefined);
  if (secret.length > 0) {
    return `it is a private key, or part of one: leave out what is private (${secret.join(', ')}), and give only the public members.`;
  }
  if (!isText(jwk.kty)) return "it has no kty; give a public key with the kty 'RSA', 'EC' or 'OKP'.";
  const lacking = (publicMembers.get(jwk.kty) ?? []).filter((member) => !isText(jwk[member]));
  if (lacking.length > 0)
    return `it has no ${lacking.join(', no ')}, which a public key of the kty '${jwk.kty}' needs.`;
  // A set as an issuer publishes it has keys for other things as well: these are passed over.
  return isForSignatures(jwk) ? numbersFault(jwk) : undefined;
}

function isForSignatures({ kty, crv, use }: Record<string, unknown>): boolean {
  return (curves.get(kty)?.includes(crv) ?? false) && (use === undefined || use === 'sig');
}

/** RFC 7518 §3.3: RSA keys have 2048 bits or more. That a point lies on its curve is asked by node:crypto. */
function numbersFault({ kty, crv, n, e, x, y }: Record<string, unknown>): string | undefined {
  try {
    const key = createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKey, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 2048;
    return bits < 2048 ? `it has ${bits} bits, and an RSA key has 2048 or more.` : undefined;
  } catch {
    return `its members make no ${String(kty)} key.`;
  }
}
