import { AuthenticatedSafe, PFX, SafeContents } from 'pkijs';

/** The types of content and bags that are looked at (RFC 7292 §4.1, §4.2). */
const data = '1.2.840.113549.1.7.1';
const pemLabels: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.10.1.1': 'PRIVATE KEY',
  '1.2.840.113549.1.12.10.1.2': 'ENCRYPTED PRIVATE KEY',
};

/** A file as authorities and other servers hand keys out (PKCS#12, RFC 7292): certificates and a private key. */
export class Pkcs12 {
  private constructor(private readonly bytes: Buffer) {}

  /** Undefined where the bytes are something else. */
  static read(bytes: Buffer): Pkcs12 | undefined {
    try {
      PFX.fromBER(bytes);
      return new Pkcs12(bytes);
    } catch {
      return undefined;
    }
  }

  /** Whether the file is whole and this is its passphrase: by its MAC (§5.1). Undefined where it has none, or a newer kind: the encryption of the key has to tell. */
  async isOpenedBy(passphrase: string): Promise<boolean | undefined> {
    const pfx = PFX.fromBER(this.bytes);
    if (!pfx.macData) return undefined;
    try {
      await pfx.parseInternalValues({ password: new TextEncoder().encode(passphrase).buffer, checkIntegrity: true });
      return true;
    } catch (error) {
      return /integrity/i.test((error as Error).message) ? false : undefined;
    }
  }

  /** The private keys as PEM, encrypted as they are in the file. What is in the encrypted half, usually the certificates, is not looked at. */
  privateKeys(): readonly string[] {
    const { content } = PFX.fromBER(this.bytes).authSafe as { content: { getValue(): ArrayBuffer } };
    const safes = AuthenticatedSafe.fromBER(content.getValue()).safeContents;
    const open = safes.filter(({ contentType }) => contentType === data) as typeof safes &
      { content: typeof content }[];
    return open
      .flatMap((safe) => SafeContents.fromBER((safe.content as typeof content).getValue()).safeBags)
      .flatMap(({ bagId, bagValue }) => {
        const label = pemLabels[bagId];
        if (label === undefined) return [];
        const text = Buffer.from(bagValue.toSchema().toBER()).toString('base64');
        return [`-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`];
      });
  }
}
