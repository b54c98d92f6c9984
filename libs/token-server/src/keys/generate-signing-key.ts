import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { SigningKey } from '@tessera/resource-model';

/** A new key pair; RSA keys have 2048 bits. `createdAt`: seconds since 1970. */
export async function generateSigningKey(algorithm: SigningAlgorithm, createdAt: number): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const privateJwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(privateJwk), algorithm, privateJwk: { ...privateJwk }, createdAt };
}
