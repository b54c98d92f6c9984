import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type SigningKey, SigningKeyStore } from '@tessera/resource-model';

/** Files that were written before keys had a life lack both. */
type StoredKey = Omit<SigningKey, 'generation' | 'signsFrom'> & Partial<Pick<SigningKey, 'generation' | 'signsFrom'>>;

/** Keeps the signing keys in a file that only its owner may read, so that a restart keeps them: for development, one process. */
export class FileSigningKeyStore extends SigningKeyStore {
  private lastChange: Promise<unknown> = Promise.resolve();

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

  async add(key: SigningKey): Promise<boolean> {
    return this.change(async (keys) => {
      const isTaken = keys.some(
        ({ kid, algorithm, generation }) =>
          kid === key.kid || (algorithm === key.algorithm && generation === key.generation),
      );
      if (!isTaken) await this.replace([...keys, key].sort((a, b) => a.createdAt - b.createdAt));
      return !isTaken;
    });
  }

  async remove(kid: string): Promise<void> {
    await this.change((keys) => this.replace(keys.filter((key) => key.kid !== kid)));
  }

  /** One change after the other: what was read is what is replaced. */
  private change<T>(make: (keys: readonly SigningKey[]) => Promise<T>): Promise<T> {
    const changed = this.lastChange.then(async () => make(await this.list()));
    this.lastChange = changed.catch(() => undefined);
    return changed;
  }

  private parse(text: string): SigningKey[] {
    try {
      return (JSON.parse(text) as { keys: StoredKey[] }).keys.map(withLife);
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

function withLife(key: StoredKey, index: number, all: readonly StoredKey[]): SigningKey {
  const generation = all.slice(0, index + 1).filter(({ algorithm }) => algorithm === key.algorithm).length;
  return { generation, signsFrom: key.createdAt, ...key };
}
