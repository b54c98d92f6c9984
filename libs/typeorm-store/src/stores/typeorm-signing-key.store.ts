import { Injectable } from '@nestjs/common';
import { type SigningKey, SigningKeyStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { Table } from '../database/table.js';
import { privateKeys } from '../encryption/encrypted-columns.js';
import { Encryption } from '../encryption/encryption.js';
import { type SealedSigningKey, signingKeySchema } from '../schema/signing-key.schema.js';

const table = new Table(signingKeySchema);
const list = sql(`SELECT ${table.columns} FROM signing_keys ORDER BY created_at, generation`);
const kids = sql(`SELECT kid FROM signing_keys`);
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

  override async kids(): Promise<readonly string[]> {
    return (await this.database.all(kids, [])).map((row) => row.kid as string);
  }

  async add({ privateJwk, ...key }: SigningKey): Promise<boolean> {
    const sealed = privateKeys.seal(this.encryption, key.kid, JSON.stringify(privateJwk));
    return (await this.database.run(add, table.values({ ...key, sealed }))) === 1;
  }

  async remove(kid: string): Promise<void> {
    await this.database.run(remove, [kid]);
  }

  private open({ sealed, ...key }: SealedSigningKey): SigningKey {
    const privateJwk = privateKeys.open(this.encryption, key.kid, sealed);
    return { ...key, privateJwk: JSON.parse(privateJwk) as SigningKey['privateJwk'] };
  }
}
