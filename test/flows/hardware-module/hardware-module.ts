import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pkcs11js, { type Attribute, type Handle, type Mechanism, type PKCS11 } from 'pkcs11js';

/** Which module, and how it is opened. */
export interface HardwareModuleOptions {
  /** The manufacturer's library. */
  readonly library: string;
  /** The label of the token, as it was initialised. */
  readonly token: string;
  readonly pin: string;
}

/** A hardware module as PKCS#11 shows it: keys are made in it, used in it and destroyed in it. */
@Injectable()
export class HardwareModule implements OnApplicationShutdown {
  private readonly module: PKCS11 = new pkcs11js.PKCS11();
  private readonly session: Handle;

  constructor({ library, token, pin }: HardwareModuleOptions) {
    this.module.load(library);
    this.module.C_Initialize();
    const slots = this.module.C_GetSlotList(true);
    const slot = slots.find((one) => this.module.C_GetTokenInfo(one).label.trim() === token);
    if (!slot) throw new Error(`The hardware module has no token with the label ${token}.`);
    this.session = this.module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
    this.module.C_Login(this.session, pkcs11js.CKU_USER, pin);
  }

  /** Makes a key pair whose private half cannot be read by anybody, and gives attributes of the public one. */
  generate(id: Buffer, mechanism: Mechanism, parameters: Attribute[], wanted: readonly number[]): Buffer[] {
    const both = [
      { type: pkcs11js.CKA_TOKEN, value: true },
      { type: pkcs11js.CKA_ID, value: id },
    ];
    const { publicKey } = this.module.C_GenerateKeyPair(
      this.session,
      mechanism,
      [...both, { type: pkcs11js.CKA_VERIFY, value: true }, ...parameters],
      [
        ...both,
        { type: pkcs11js.CKA_PRIVATE, value: true },
        { type: pkcs11js.CKA_SENSITIVE, value: true },
        { type: pkcs11js.CKA_EXTRACTABLE, value: false },
        { type: pkcs11js.CKA_SIGN, value: true },
      ],
    );
    return this.read(
      publicKey,
      wanted.map((type) => ({ type })),
    );
  }

  /** @throws Error where the module has no such key */
  privateKey(id: Buffer): Handle {
    const [key] = this.find(id, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY }]);
    if (!key) throw new Error(`the hardware module has no private key ${id.toString('hex')}`);
    return key;
  }

  /** Begins and ends without an `await` in between: a session makes one signature at a time. */
  sign(key: Handle, mechanism: Mechanism, data: Buffer, length: number): Buffer {
    this.module.C_SignInit(this.session, mechanism, key);
    return this.module.C_Sign(this.session, data, Buffer.alloc(length));
  }

  /** Both halves; nothing where they are gone already. */
  destroy(id: Buffer): void {
    for (const key of this.find(id)) this.module.C_DestroyObject(this.session, key);
  }

  onApplicationShutdown(): void {
    this.module.C_Finalize();
    this.module.close();
  }

  read(object: Handle, attributes: Attribute[]): Buffer[] {
    return this.module.C_GetAttributeValue(this.session, object, attributes).map(({ value }) => value);
  }

  private find(id: Buffer, attributes: Attribute[] = []): Handle[] {
    this.module.C_FindObjectsInit(this.session, [{ type: pkcs11js.CKA_ID, value: id }, ...attributes]);
    const found = this.module.C_FindObjects(this.session, 10);
    this.module.C_FindObjectsFinal(this.session);
    return found;
  }
}
