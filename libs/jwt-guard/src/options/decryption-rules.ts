import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type JsonWebKey,
  KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { contentEncryptions, encryptionAlgorithms } from '@tessera/protocol';
import { agreementCurves, algorithmsOf } from '../decryption/decryption-key.js';
import { faultsBy, isObject, isText, optional, type OptionRule, type OptionRules } from './option-rules.js';
import { describe } from './shown-value.js';

/** Each may be tried on a token that names none: a stranger's junk must not cost more than a few operations. */
const mostKeys = 8;
/** Bits (RFC 7518 §4.3). Longer keys cost milliseconds with each token that anybody sends. */
const modulus = { least: 2048, most: 8192 };
/** RFC 7517 §4.3. */
const openingUses: readonly unknown[] = ['decrypt', 'unwrapKey', 'deriveKey', 'deriveBits'];

const decryptionRules: OptionRules = {
  keys: (value) =>
    Array.isArray(value) && value.length > 0 && value.length <= mostKeys
      ? undefined
      : `give a list of 1 to ${mostKeys} private keys as JWKs.`,
  algorithms: optional(
    listOf(encryptionAlgorithms, 'RSA1_5, dir and keys made of passwords (PBES2) are never accepted.'),
  ),
  contentEncryptions: optional(listOf(contentEncryptions)),
  required: optional((value) => (typeof value === 'boolean' ? undefined : 'give true or false.')),
};

/** What is wrong with `decryption`. Every member of it may hold a secret by mistake: no value is shown. */
export function decryptionFaults(decryption: Record<string, unknown>): string[] {
  const faults = faultsBy(decryptionRules, decryption, 'decryption.', describe);
  const { keys, algorithms = encryptionAlgorithms } = decryption;
  if (faults.length > 0 || !Array.isArray(keys)) return faults;
  return keys.flatMap((key, index) => {
    const fault = keyFault(key, algorithms as readonly unknown[]);
    return fault === undefined ? [] : [`decryption.keys[${index}]: ${fault}`];
  });
}

function listOf(accepted: readonly unknown[], more = ''): OptionRule {
  return (value) =>
    Array.isArray(value) && value.length > 0 && value.every((name) => accepted.includes(name))
      ? undefined
      : `give a list out of ${accepted.join(', ')}. ${more}`.trim();
}

function keyFault(jwk: unknown, accepted: readonly unknown[]): string | undefined {
  if (!isObject(jwk) || jwk instanceof KeyObject) {
    return "give a private JWK, an object; createPrivateKey(pem).export({ format: 'jwk' }) of node:crypto makes one of a PEM.";
  }
  return kindFault(jwk) ?? useFault(jwk, accepted) ?? numbersFault(jwk);
}

function kindFault({ kty, crv, d, kid }: Record<string, unknown>): string | undefined {
  if (kty === 'oct') return 'it is a symmetric key; give a private key of this API.';
  if (algorithmsOf({ kty, crv }).length === 0) {
    return `give an RSA key, or one of the curves ${agreementCurves.join(', ')}.`;
  }
  if (d === undefined) return 'it is a public key, with which tokens are encrypted; give the private one (with d).';
  return kid === undefined || isText(kid) ? undefined : 'its kid is not text.';
}

/** RFC 7517 §4.2 to §4.4. */
function useFault(jwk: Record<string, unknown>, accepted: readonly unknown[]): string | undefined {
  const { use, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'enc') {
    return "it is for something else (its use is not 'enc'): a key that signs must not open tokens as well.";
  }
  if (operations !== undefined && !opens(operations)) return 'its key_ops do not say that it decrypts.';
  return algorithmsOf(jwk).some((algorithm) => accepted.includes(algorithm))
    ? undefined
    : `by its type and alg it serves none of ${accepted.join(', ')}.`;
}

function opens(operations: unknown): boolean {
  return Array.isArray(operations) && operations.some((operation) => openingUses.includes(operation));
}

function numbersFault(jwk: Record<string, unknown>): string | undefined {
  const { kty, crv, n, e, x, y } = jwk;
  try {
    const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? modulus.least;
    if (bits < modulus.least || bits > modulus.most) {
      return `it has ${bits} bits; an RSA key here has ${modulus.least} to ${modulus.most}.`;
    }
    // The public members as they stand there: the issuer was given the same.
    if (belongTogether(key, createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKey, format: 'jwk' }))) {
      return undefined;
    }
  } catch {
    // Without the error: it may quote a member.
  }
  return `its members make no private ${String(kty)} key.`;
}

/** Whether one opens what is encrypted to the other. Libraries do not ask that when they read a key. */
function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  if (privateKey.asymmetricKeyType === 'rsa') {
    const probe = Buffer.from('probe');
    return privateDecrypt(privateKey, publicEncrypt(publicKey, probe)).equals(probe);
  }
  const namedCurve = privateKey.asymmetricKeyDetails?.namedCurve;
  const other = namedCurve === undefined ? generateKeyPairSync('x25519') : generateKeyPairSync('ec', { namedCurve });
  const ours = diffieHellman({ privateKey, publicKey: other.publicKey });
  return ours.equals(diffieHellman({ privateKey: other.privateKey, publicKey }));
}
