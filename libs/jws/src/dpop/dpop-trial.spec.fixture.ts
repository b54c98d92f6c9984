import { hash, randomUUID } from 'node:crypto';
import type { SigningAlgorithm } from '@tessera/protocol';
import { keyPairFor, signedToken, type KeyPair } from '../signing-keys.spec.fixture.js';
import { jwkThumbprint } from '../thumbprints.js';
import type { DpopExpectations, DpopProof } from './dpop-proof.js';
import { DpopProofVerifier, type DpopPolicy } from './dpop-proof-verifier.js';
import { DpopError } from './dpop.error.js';
import { InMemoryDpopReplayStore } from './in-memory-dpop-replay.store.js';

export const now = 1_800_000_000;
export const url = 'https://api.example.com/orders/7';
export const accessToken = 'an.access.token';
export const holder = keyPairFor('ES256');

export interface ProofChanges {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  pair?: KeyPair;
  algorithm?: SigningAlgorithm;
}

/** A good proof, but for the changes; `undefined` takes a member away. */
export function proofWith({ header, claims, pair = holder, algorithm = 'ES256' }: ProofChanges = {}): string {
  return signedToken(
    { typ: 'dpop+jwt', alg: algorithm, jwk: pair.jwk, ...header },
    { jti: randomUUID(), htm: 'GET', htu: url, iat: now, ath: hash('sha256', accessToken, 'base64url'), ...claims },
    pair,
    algorithm,
  );
}

/** What an API expects of the holder. */
export function expectations(changes: Partial<DpopExpectations> = {}): DpopExpectations {
  return { method: 'GET', url, accessToken, thumbprint: jwkThumbprint(holder.jwk), now, ...changes };
}

export function verifierWith(policy: Partial<DpopPolicy> = {}): DpopProofVerifier {
  return new DpopProofVerifier({
    algorithms: ['ES256', 'EdDSA', 'PS256', 'RS256'],
    proofLifetime: 60,
    clockTolerance: 5,
    replayStore: new InMemoryDpopReplayStore(undefined, () => now * 1000),
    ...policy,
  });
}

/** The code of the refusal, or 'accepted'. No refusal may echo the proof. */
export async function judge(
  proof: string,
  expected: DpopExpectations = expectations(),
  verifier: DpopProofVerifier = verifierWith(),
): Promise<string> {
  try {
    await verifier.verify(proof, expected);
    return 'accepted';
  } catch (error) {
    const { code, message } = asDpopError(error);
    for (const part of proof.split('.').filter((text) => text.length > 8)) expect(message).not.toContain(part);
    return code;
  }
}

export async function refusalOf(verdict: Promise<DpopProof | void>): Promise<DpopError> {
  return verdict.then(
    () => {
      throw new Error('The proof was accepted.');
    },
    (error: unknown) => asDpopError(error),
  );
}

function asDpopError(error: unknown): DpopError {
  if (!(error instanceof DpopError)) throw error;
  return error;
}
