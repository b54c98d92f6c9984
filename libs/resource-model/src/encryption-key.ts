import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { type EncryptionAlgorithm, hasSecretMembers } from '@tessera/protocol';
import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';

/** A key in JSON (RFC 7517 §4). */
export type Jwk = Readonly<Record<string, unknown>>;

/** RFC 7518 §4.3. */
const leastModulus = 2048;
/** Longer keys cost whoever encrypts to them milliseconds each time. */
const mostModulus = 8192;

/** RFC 7517 §4.3: what `key_ops` of such a key may say. */
const encryptingUses: readonly unknown[] = ['encrypt', 'wrapKey', 'deriveKey', 'deriveBits'];

/** RFC 7518 §4.6 and §6.2.1.1, RFC 8037 §3.2. */
const agreementCurves: readonly unknown[] = ['P-256', 'P-384', 'P-521', 'X25519'];

/** Why nothing can be encrypted to a key in this way, as the end of a sentence about it; undefined: it can. */
export function encryptionKeyFault(jwk: Jwk, algorithm?: EncryptionAlgorithm): string | undefined {
  if (hasSecretMembers(jwk)) return 'must be the public key alone';
  if (jwk.use !== undefined && jwk.use !== 'enc') return "must be a key for encryption: use is 'enc' (RFC 7517 §4.2)";
  if (saysOtherUse(jwk)) {
    return 'must be a key for encryption, and its key_ops do not say so (RFC 7517 §4.3)';
  }
  if (algorithm !== undefined && jwk.alg !== undefined && jwk.alg !== algorithm) return `is no key for ${algorithm}`;
  const isRsa = jwk.kty === 'RSA';
  const agrees = (jwk.kty === 'EC' || jwk.kty === 'OKP') && agreementCurves.includes(jwk.crv);
  if (!isRsa && !agrees) return `must be an RSA key, or one of the curves ${agreementCurves.join(', ')}`;
  if (algorithm !== undefined && isRsa !== algorithm.startsWith('RSA')) return `is no key for ${algorithm}`;
  return unreadable(jwk);
}

/** An empty list is what programs write that know of no use of a public key by itself. */
function saysOtherUse({ key_ops: uses }: Jwk): boolean {
  return Array.isArray(uses) && uses.length > 0 && !uses.some((use) => encryptingUses.includes(use));
}

function unreadable(jwk: Jwk): string | undefined {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const bits = asymmetricKeyDetails?.modulusLength ?? leastModulus;
    if (bits > mostModulus) return `has ${bits} bits; at most ${mostModulus} are encrypted to`;
    return bits < leastModulus
      ? `has ${bits} bits, which is too short: at least ${leastModulus} are needed`
      : undefined;
  } catch {
    return 'cannot be read: a member of it is missing or wrong (RFC 7518 §6)';
  }
}

/** A public key that something can be encrypted to. */
export function IsEncryptionKey(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isEncryptionKey',
      validator: {
        validate: (value: unknown) => isJwk(value) && encryptionKeyFault(value) === undefined,
        defaultMessage: ({ value }: ValidationArguments) =>
          `$property ${(isJwk(value) ? encryptionKeyFault(value) : undefined) ?? 'must be a JWK (RFC 7517 §4)'}`,
      },
    },
    options,
  );
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
