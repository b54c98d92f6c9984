import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '@tessera/protocol';

/** RFC 7518 §3.4 and RFC 8037 §3.1, by Node's names of the curves. */
const ofCurves: Readonly<Record<string, SigningAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/** RFC 7518 §3.3, §3.5. */
const leastModulus = 2048;

/** The algorithm of a key that says none; undefined where no algorithm of ours takes such a key. */
export function usualAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | undefined {
  if (asymmetricKeyType === 'rsa') return 'RS256';
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  return asymmetricKeyType === 'ec' ? ofCurves[asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
}

/** Why a key cannot sign with an algorithm, as the end of a sentence about its file. */
export function misfit(key: KeyObject, algorithm: SigningAlgorithm | undefined): string | undefined {
  const usual = usualAlgorithm(key);
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const what = [key.asymmetricKeyType, namedCurve].filter(Boolean).join(' ');
  if (usual === undefined || algorithm === undefined) {
    return `holds a key of the type ${what}, with which no token is signed: RSA, the curves P-256, P-384, P-521 and Ed25519 are of use`;
  }
  if (usual === 'RS256') {
    if (!/^[RP]S/.test(algorithm)) return `holds an RSA key, which does not sign with ${algorithm}: RS256 is usual`;
    if (modulusLength! < leastModulus) {
      return `holds an RSA key of ${modulusLength} bits, which is too short: at least ${leastModulus} are needed (RFC 7518 §3.3)`;
    }
    return undefined;
  }
  return usual === algorithm
    ? undefined
    : `holds a key (${what}) that signs with ${usual} alone, not with ${algorithm}`;
}
