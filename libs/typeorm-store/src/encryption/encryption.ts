import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const [ivLength, tagLength] = [12, 16];

/** Something encrypted cannot be opened, or the keys cannot be used. The message is for whoever runs the server; it holds no key. */
export class EncryptionError extends Error {
  override readonly name = 'EncryptionError';
}

/** One of the keys, and the name under which what it encrypted says so. */
interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Encrypts what has to be read again, such as signing keys (AES-256-GCM). The first key encrypts, all of them open: a new one is put in front, and the
 * old one is taken away once everything is encrypted anew.
 */
export class Encryption {
  private readonly keys: readonly Key[];

  /** @param keys 32 bytes each, base64 or base64url. @throws EncryptionError */
  constructor(keys: readonly string[]) {
    if (keys.length === 0) throw new EncryptionError('There must be at least one encryption key.');
    this.keys = keys.map(keyOf);
  }

  /** The name of the key that encrypts, as errors have it. */
  get keyId(): string {
    return this.keys[0]!.id;
  }

  /** @param context where it is kept: what was encrypted for one place cannot be opened in another */
  seal(plain: string, context: string): string {
    const [key] = this.keys;
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv(algorithm, key!.bytes, iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${key!.id}.${sealed.toString('base64url')}`;
  }

  /** @throws EncryptionError where none of the keys opens it */
  open(sealed: string, context: string): string {
    const [version, id, text] = sealed.split('.');
    if (version !== 'v1' || id === undefined || text === undefined) {
      throw new EncryptionError(`${context} is not encrypted as this version does it.`);
    }
    const key = this.keys.find((one) => one.id === id);
    if (!key) {
      const known = this.keys.map((one) => one.id).join(', ');
      throw new EncryptionError(
        `${context} is encrypted with key ${id}, which is not among the encryption keys given (${known}). Give that key, too; nothing was changed.`,
      );
    }
    try {
      return decrypt(key, Buffer.from(text, 'base64url'), context);
    } catch (cause) {
      throw new EncryptionError(`${context} does not open with its key: it was changed, or belongs elsewhere.`, {
        cause,
      });
    }
  }

  /** Whether it would be encrypted otherwise today. */
  isOld(sealed: string): boolean {
    return sealed.split('.')[1] !== this.keyId;
  }
}

function decrypt({ bytes }: Key, sealed: Buffer, context: string): string {
  const decipher = createDecipheriv(algorithm, bytes, sealed.subarray(0, ivLength), { authTagLength: tagLength })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-tagLength));
  const plain = Buffer.concat([decipher.update(sealed.subarray(ivLength, -tagLength)), decipher.final()]);
  return plain.toString('utf8');
}

/** @param given undefined where it comes from a variable that is not set */
function keyOf(given: string | undefined, index: number): Key {
  const text = given?.trim() ?? '';
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 32 || !/^[\w+/-]+=*$/.test(text)) {
    throw new EncryptionError(
      `Encryption key ${index + 1} must be 32 bytes in base64: make one with openssl rand -base64 32.`,
    );
  }
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes };
}
