import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm';
import type { Database } from '../database/database.js';
import { type Statement, sql } from '../database/statement.js';
import type { Encryption } from './encryption.js';

/** What an encrypted column holds under one key of its table. */
interface EncryptedValue {
  readonly key: string;
  readonly sealed: string;
}

const pageSize = 200;

/** A column of which every value, NULL apart, is encrypted for its row: moved into another row it cannot be opened. */
export class EncryptedColumn<T extends object = object> {
  readonly table: string;
  readonly column: string;
  private readonly page: Statement;
  private readonly replacement: Statement;

  /** @param contextOf what the value of a row is called, in errors and for the encryption: never to be changed */
  constructor(
    schema: EntitySchema<T>,
    property: keyof T & string,
    readonly contextOf: (key: string) => string,
  ) {
    const columns = schema.options.columns as Readonly<Record<string, EntitySchemaColumnOptions>>;
    const key = Object.values(columns).find(({ primary }) => primary)!.name!;
    const column = columns[property]!.name!;
    this.table = schema.options.tableName ?? schema.options.name;
    this.column = column;
    this.page = sql(
      `SELECT ${key} AS row_key, ${column} AS sealed FROM ${this.table}
        WHERE ${column} IS NOT NULL AND ${key} > ? ORDER BY ${key} LIMIT ${pageSize}`,
    );
    this.replacement = sql(`UPDATE ${this.table} SET ${column} = ? WHERE ${key} = ? AND ${column} = ?`);
  }

  seal(encryption: Encryption, key: string, plain: string): string {
    return encryption.seal(plain, this.contextOf(key));
  }

  /** @throws EncryptionError where none of the keys opens it */
  open(encryption: Encryption, key: string, sealed: string): string {
    return encryption.open(sealed, this.contextOf(key));
  }

  /** All values, some at a time. */
  async *values(database: Database): AsyncGenerator<EncryptedValue> {
    for (let after = ''; ;) {
      const rows = await database.all(this.page, [after]);
      const values = rows.map((row) => ({ key: row.row_key as string, sealed: row.sealed as string }));
      yield* values;
      if (values.length < pageSize) return;
      after = values.at(-1)!.key;
    }
  }

  /** False: somebody else has changed or removed it since it was read, and nothing has happened. */
  async replace(database: Database, { key, sealed }: EncryptedValue, by: string): Promise<boolean> {
    return (await database.run(this.replacement, [by, key, sealed])) === 1;
  }
}
