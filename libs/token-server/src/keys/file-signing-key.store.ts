import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type SigningKey, SigningKeyStore } from '@tessera/resource-model';

/** Keeps the signing keys in a file that only its owner may read, so that a restart keeps them: for development, one process. */
export class FileSigningKeyStore extends SigningKeyStore {
  constructor(private readonly path: string) {
    super();
  }

  async list(): Promise<readonly SigningKey[]> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return text === undefined ? [] : this.parse(text);
  }

  async add(key: SigningKey): Promise<void> {
    await this.replace([...(await this.list()), key]);
  }

  async remove(kid: string): Promise<void> {
    await this.replace((await this.list()).filter((key) => key.kid !== kid));
  }

  private parse(text: string): SigningKey[] {
    try {
      return (JSON.parse(text) as { keys: SigningKey[] }).keys.map((key) => ({ ...key }));
    } catch (cause) {
      throw new Error(
        `The signing keys in ${this.path} cannot be read. Put the file back, or remove it to start with new keys; tokens signed so far will then no longer be accepted.`,
        { cause },
      );
    }
  }

  /** Written beside and moved into place: a crash leaves the old file or the new one, never half of one. */
  private async replace(keys: readonly SigningKey[]): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    const beside = `${this.path}.${process.pid}.new`;
    await writeFile(beside, `${JSON.stringify({ keys }, null, 2)}\n`, { mode: 0o600 });
    await rename(beside, this.path);
  }
}
