import { type KeyObject, generateKeyPairSync } from 'node:crypto';
import type { Jwk } from '@tessera/resource-model';
import { compactDecrypt, decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';

/** A reader of what is encrypted: its public key as it registers it, and what it does with the private one. */
export interface Recipient {
  readonly jwk: Jwk;
  readonly jwks: { readonly keys: readonly Jwk[] };
  /** What stood in the envelope. @throws where it is not for this reader */
  open(jwe: string): Promise<{ readonly header: ProtectedHeaderParameters; readonly text: string }>;
}

export function rsaRecipient(kid: string, more: Jwk = {}): Recipient {
  return recipient(generateKeyPairSync('rsa', { modulusLength: 2048 }), { kid, ...more });
}

export function curveRecipient(kid: string, namedCurve = 'P-256'): Recipient {
  return recipient(generateKeyPairSync('ec', { namedCurve }), { kid });
}

function recipient({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }, more: Jwk): Recipient {
  const jwk = { ...publicKey.export({ format: 'jwk' }), ...more };
  return {
    jwk,
    jwks: { keys: [jwk] },
    async open(jwe) {
      const { plaintext } = await compactDecrypt(jwe, privateKey);
      return { header: decodeProtectedHeader(jwe), text: new TextDecoder().decode(plaintext) };
    },
  };
}
