// As much of pkcs11js as the example uses (tsconfig.json leads here): the package is optional, and everything compiles without it, too.

type Handle = Buffer;

interface Attribute {
  readonly type: number;
  readonly value?: number | boolean | string | Buffer;
}

interface Mechanism {
  readonly mechanism: number;
}

interface PKCS11 {
  load(library: string): void;
  close(): void;
  C_Initialize(): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { readonly label: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_GenerateKeyPair(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: Attribute[],
    privateTemplate: Attribute[],
  ): { readonly publicKey: Handle; readonly privateKey: Handle };
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): { readonly value: Buffer }[];
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_Sign(session: Handle, data: Buffer, signature: Buffer): Buffer;
  C_DestroyObject(session: Handle, object: Handle): void;
}

declare const pkcs11js: { readonly PKCS11: new () => PKCS11 } & Readonly<
  Record<
    | 'CKA_CLASS'
    | 'CKA_EC_PARAMS'
    | 'CKA_EC_POINT'
    | 'CKA_EXTRACTABLE'
    | 'CKA_ID'
    | 'CKA_MODULUS'
    | 'CKA_MODULUS_BITS'
    | 'CKA_PRIVATE'
    | 'CKA_PRIVATE_EXPONENT'
    | 'CKA_PUBLIC_EXPONENT'
    | 'CKA_SENSITIVE'
    | 'CKA_SIGN'
    | 'CKA_TOKEN'
    | 'CKA_VALUE'
    | 'CKA_VERIFY'
    | 'CKF_RW_SESSION'
    | 'CKF_SERIAL_SESSION'
    | 'CKM_ECDSA'
    | 'CKM_EC_KEY_PAIR_GEN'
    | 'CKM_RSA_PKCS_KEY_PAIR_GEN'
    | 'CKM_SHA256_RSA_PKCS'
    | 'CKO_PRIVATE_KEY'
    | 'CKU_USER',
    number
  >
>;

export type { Attribute, Handle, Mechanism, PKCS11 };
export default pkcs11js;
