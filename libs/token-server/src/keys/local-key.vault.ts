import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@tessera/protocol';
import type { KeyMaterial } from '@tessera/resource-model';
import { generateKeyMaterial } from './generate-signing-key.js';
import { KeyVault, type Signer } from './key-vault.js';
import { createSignature, signatureKey } from './signature.js';

/** Private keys in the memory of this process. */
@Injectable()
export class LocalKeyVault extends KeyVault {
  generate(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
    return generateKeyMaterial(algorithm);
  }

  signer({ algorithm, privateJwk }: KeyMaterial): Signer {
    const key = signatureKey(algorithm, createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' }));
    return { sign: (data) => createSignature(key, data) };
  }
}
