import { Injectable } from '@nestjs/common';
import { type SigningKey, SigningKeyStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { Table } from '../database/table.js';
import { Encryption } from '../encryption/encryption.js';
import { type SealedSigningKey, signingKeySchema } from '../schema/signing-key.schema.js';

const table = new Table(signingKeySchema);
const list = sql(`SELECT ${table.columns} FROM signing_keys ORDER BY created_at, generation`);
const add = sql(`${table.insert.text} ON CONFLICT DO NOTHING`);
const remove = sql(`DELETE FROM signing_keys WHERE kid = ?`);

/** The private halves are encrypted before they go to the database. */
@Injectable()
export class TypeOrmSigningKeyStore extends SigningKeyStore {
  constructor(
    private readonly database: Database,
    private readonly encryption: Encryption,
  ) {
    super();
  }

  /** @throws EncryptionError where a key was encrypted with another key than those given */
  async list(): Promise<readonly SigningKey[]> {
    return (await this.database.all(list, [])).map((row) => this.open(table.read(row)));
  }

  async add({ privateJwk, ...key }: SigningKey): Promise<boolean> {
    const sealed = this.encryption.seal(JSON.stringify(privateJwk), contextOf(key));
    return (await this.database.run(add, table.values({ ...key, sealed }))) === 1;
  }

  async remove(kid: string): Promise<void> {
    await this.database.run(remove, [kid]);
  }

  private open({ sealed, ...key }: SealedSigningKey): SigningKey {
    const privateJwk = JSON.parse(this.encryption.open(sealed, contextOf(key))) as SigningKey['privateJwk'];
    return { ...key, privateJwk };
  }
}

function contextOf({ kid }: Pick<SigningKey, 'kid'>): string {
  return `Signing key ${kid}`;
}
