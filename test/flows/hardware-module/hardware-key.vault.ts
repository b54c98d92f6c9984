import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type KeyMaterial, KeyVault, type Signer, type SigningAlgorithm } from '@tessera/token-server';
import { calculateJwkThumbprint } from 'jose';
import pkcs11js from 'pkcs11js';
import { HardwareModule } from './hardware-module.js';

/** P-256 by its object identifier, in DER. */
const p256 = Buffer.from('06082a8648ce3d030107', 'hex');

/** Signing keys in a hardware module: what the server stores is the public half, and the id by which the module finds the other. */
@Injectable()
export class HardwareKeyVault extends KeyVault {
  constructor(private readonly hardware: HardwareModule) {
    super();
  }

  async generate(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
    const id = randomBytes(16);
    const publicJwk = algorithm === 'ES256' ? this.generateP256(id) : this.generateRsa(id, algorithm);
    const kid = await calculateJwkThumbprint(publicJwk);
    return { kid, algorithm, privateJwk: { ...publicJwk, hardwareId: id.toString('hex') } };
  }

  signer({ algorithm, privateJwk }: KeyMaterial): Signer {
    const key = this.hardware.privateKey(idOf(privateJwk));
    const make = (data: string): Buffer => {
      // CKM_ECDSA signs a hash, and gives r and s side by side as a token needs them (RFC 7518 §3.4).
      if (algorithm === 'ES256') {
        const hash = createHash('sha256').update(data).digest();
        return this.hardware.sign(key, { mechanism: pkcs11js.CKM_ECDSA }, hash, 64);
      }
      return this.hardware.sign(key, { mechanism: pkcs11js.CKM_SHA256_RSA_PKCS }, Buffer.from(data), 512);
    };
    return { sign: (data) => make(data).toString('base64url') };
  }

  override async discard({ privateJwk }: KeyMaterial): Promise<void> {
    this.hardware.destroy(idOf(privateJwk));
  }

  private generateP256(id: Buffer) {
    const parameters = [{ type: pkcs11js.CKA_EC_PARAMS, value: p256 }];
    const mechanism = { mechanism: pkcs11js.CKM_EC_KEY_PAIR_GEN };
    const [point] = this.hardware.generate(id, mechanism, parameters, [pkcs11js.CKA_EC_POINT]);
    // Whatever the module puts around it, the point ends with x and y, of 32 bytes each.
    const [x, y] = [point!.subarray(-64, -32), point!.subarray(-32)];
    return { kty: 'EC', crv: 'P-256', x: x.toString('base64url'), y: y.toString('base64url') };
  }

  private generateRsa(id: Buffer, algorithm: SigningAlgorithm) {
    if (algorithm !== 'RS256') throw new Error(`The hardware module is not set up for ${algorithm}.`);
    const parameters = [
      { type: pkcs11js.CKA_MODULUS_BITS, value: 2048 },
      { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: Buffer.from([1, 0, 1]) },
    ];
    const mechanism = { mechanism: pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN };
    const wanted = [pkcs11js.CKA_MODULUS, pkcs11js.CKA_PUBLIC_EXPONENT];
    const [n, e] = this.hardware.generate(id, mechanism, parameters, wanted);
    return { kty: 'RSA', n: n!.toString('base64url'), e: e!.toString('base64url') };
  }
}

function idOf(privateJwk: KeyMaterial['privateJwk']): Buffer {
  return Buffer.from(privateJwk.hardwareId as string, 'hex');
}
