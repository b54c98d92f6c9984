import { Injectable } from '@nestjs/common';
import { type RegisteredClient, RegisteredClientStore } from '@tessera/resource-model';
import { clientMapping, withSecretsApart } from '../configuration/client-kind.js';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { registeredClientSecrets } from '../encryption/encrypted-columns.js';
import { Encryption } from '../encryption/encryption.js';
import { type RegisteredClientRow, registeredClientSchema } from '../schema/registered-client.schema.js';

const table = new Table(registeredClientSchema);
const find = sql(`SELECT ${table.columns} FROM registered_clients WHERE client_id = ?`);
const page = sql(`SELECT ${table.columns} FROM registered_clients WHERE client_id > ? ORDER BY client_id LIMIT ?`);
const columns = table.columns.split(', ');
const add = sql(
  `INSERT INTO registered_clients (${table.columns}) SELECT ${columns.map(() => '?').join(', ')}
    WHERE (SELECT count(*) FROM registered_clients) < ?`,
);
/** The statement that adds sees those alone that were there when it began: on PostgreSQL others must not add at the same time. */
const addOneByOne = {
  sqlite: [],
  postgres: [{ statement: sql(`SELECT pg_advisory_xact_lock(7283002)`), values: [] }],
} as const;
const changed = columns.filter((column) => column !== 'unused_until').map((column) => `${column} = ?`);
const replace = sql(`UPDATE registered_clients SET ${changed.join(', ')} WHERE client_id = ?`);
const keep = sql(`UPDATE registered_clients SET unused_until = NULL WHERE client_id = ?`);
const remove = sql(`DELETE FROM registered_clients WHERE client_id = ?`);
const count = sql(`SELECT count(*) AS total FROM registered_clients`);

@Injectable()
export class TypeOrmRegisteredClientStore extends RegisteredClientStore {
  private readonly removeUnused: Sweep;

  constructor(
    private readonly database: Database,
    private readonly encryption: Encryption,
  ) {
    super();
    this.removeUnused = sweep(database, 'registered_clients', 'client_id', 'unused_until');
  }

  async add(registered: RegisteredClient, most: number): Promise<boolean> {
    const values = [...table.values(this.toRow(registered)), most];
    return this.database.together([...addOneByOne[this.database.dialect], { statement: add, values, rows: 1 }]);
  }

  async find(clientId: string): Promise<RegisteredClient | undefined> {
    const row = table.readOptional(await this.database.first(find, [clientId]));
    return row && this.fromRow(row);
  }

  async page(after: string, limit: number): Promise<readonly RegisteredClient[]> {
    const rows = await this.database.all(page, [after, limit]);
    return rows.map((row) => this.fromRow(table.read(row)));
  }

  async replace(registered: RegisteredClient): Promise<boolean> {
    const row = table.values(this.toRow(registered)).filter((_value, index) => columns[index] !== 'unused_until');
    const values = [...row, registered.client.clientId];
    return (await this.database.run(replace, values)) === 1;
  }

  async remove(clientId: string): Promise<boolean> {
    return (await this.database.run(remove, [clientId])) === 1;
  }

  async count(): Promise<number> {
    return Number((await this.database.first(count, []))!.total);
  }

  async keep(clientId: string): Promise<void> {
    await this.database.run(keep, [clientId]);
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeUnused(now, limit);
  }

  private toRow({ client, ...others }: RegisteredClient): RegisteredClientRow {
    const { key: clientId, enabled, data: all } = clientMapping.toRow(client);
    const { data, secrets } = withSecretsApart({ ...all, enabled });
    const sealedSecrets = secrets && registeredClientSecrets.seal(this.encryption, clientId, secrets);
    return { ...others, clientId, data, sealedSecrets };
  }

  /** @throws EncryptionError where it was encrypted with another key than those given */
  private fromRow({ clientId: key, data, sealedSecrets, ...others }: RegisteredClientRow): RegisteredClient {
    const secrets = sealedSecrets && registeredClientSecrets.open(this.encryption, key, sealedSecrets);
    const { enabled, ...all } = { ...data, ...(secrets ? (JSON.parse(secrets) as object) : {}) } as {
      enabled: boolean;
    };
    return { ...others, client: clientMapping.fromRow({ key, enabled, data: all }) };
  }
}
