import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { KeyMaterial, SigningKey } from '@tessera/resource-model';

/** A new key pair; RSA keys have 2048 bits. */
export async function generateKeyMaterial(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const privateJwk = await exportJWK(privateKey);
  return { kid: await calculateJwkThumbprint(privateJwk), algorithm, privateJwk: { ...privateJwk } };
}

/** A new key that signs from `createdAt` on: seconds since 1970. */
export async function generateSigningKey(
  algorithm: SigningAlgorithm,
  createdAt: number,
  generation = 1,
): Promise<SigningKey> {
  return { ...(await generateKeyMaterial(algorithm)), generation, createdAt, signsFrom: createdAt };
}
