import { Injectable } from '@nestjs/common';
import { type RegisteredClient, RegisteredClientStore } from '@tessera/resource-model';
import { clientMapping, withSecretsApart } from '../configuration/client-kind.js';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { Table } from '../database/table.js';
import { registeredClientSecrets } from '../encryption/encrypted-columns.js';
import { Encryption } from '../encryption/encryption.js';
import { type RegisteredClientRow, registeredClientSchema } from '../schema/registered-client.schema.js';

const table = new Table(registeredClientSchema);
const find = sql(`SELECT ${table.columns} FROM registered_clients WHERE client_id = ?`);
const page = sql(`SELECT ${table.columns} FROM registered_clients WHERE client_id > ? ORDER BY client_id LIMIT ?`);
const assignments = table.columns.split(', ').map((column) => `${column} = ?`);
const replace = sql(`UPDATE registered_clients SET ${assignments.join(', ')} WHERE client_id = ?`);
const remove = sql(`DELETE FROM registered_clients WHERE client_id = ?`);
const count = sql(`SELECT count(*) AS total FROM registered_clients`);

@Injectable()
export class TypeOrmRegisteredClientStore extends RegisteredClientStore {
  constructor(
    private readonly database: Database,
    private readonly encryption: Encryption,
  ) {
    super();
  }

  async add(registered: RegisteredClient): Promise<void> {
    await this.database.run(table.insert, table.values(this.toRow(registered)));
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
    const values = [...table.values(this.toRow(registered)), registered.client.clientId];
    return (await this.database.run(replace, values)) === 1;
  }

  async remove(clientId: string): Promise<boolean> {
    return (await this.database.run(remove, [clientId])) === 1;
  }

  async count(): Promise<number> {
    return Number((await this.database.first(count, []))!.total);
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
