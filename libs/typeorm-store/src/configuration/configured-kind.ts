import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm';
import type { Row, Step } from '../database/database.js';
import { type Statement, sql } from '../database/statement.js';
import { Table } from '../database/table.js';
import type { ConfiguredItem } from '../schema/configured-item.schema.js';
import type { ConfiguredKindName } from './configuration-changes.js';

/** Between an object of the model and its row. What has a column of its own is not in `data` as well: the column counts. */
interface Mapping<T, R extends ConfiguredItem> {
  toRow(item: T): Omit<R, 'owner'>;
  fromRow(row: R): T;
}

/** How one kind of what is configured is read, and how the configuration file writes it. */
export class ConfiguredKind<T extends object, R extends ConfiguredItem = ConfiguredItem> {
  readonly all: Statement;
  readonly one: Statement;
  readonly ofFile: Statement;
  readonly columns: string;
  private readonly table: Table<R>;
  private readonly putStatement: Statement;
  private readonly removeStatement: Statement;

  /** @param assignments what a second declaration sets, beside `data` and `enabled` */
  constructor(
    readonly name: ConfiguredKindName,
    schema: EntitySchema<R>,
    private readonly mapping: Mapping<T, R>,
    assignments: readonly string[] = [],
  ) {
    const { name: table } = (this.table = new Table(schema));
    const key = (schema.options.columns as Record<'key', EntitySchemaColumnOptions>).key.name!;
    this.columns = this.table.columns;
    this.all = sql(`SELECT ${this.columns} FROM ${table} ORDER BY ${key}`);
    this.one = sql(`SELECT ${this.columns} FROM ${table} WHERE ${key} = ?`);
    this.ofFile = sql(`SELECT ${this.columns} FROM ${table} WHERE owner = 'file' ORDER BY ${key}`);
    const set = ['data = excluded.data', 'enabled = excluded.enabled', ...assignments].join(', ');
    this.putStatement = sql(
      `${this.table.insert.text} ON CONFLICT (${key}) DO UPDATE SET ${set} WHERE ${table}.owner = 'file'`,
    );
    this.removeStatement = sql(`DELETE FROM ${table} WHERE ${key} = ? AND owner = 'file'`);
  }

  /** As the configuration file declares it. */
  row(item: T): R {
    return { ...this.mapping.toRow(item), owner: 'file' } as R;
  }

  readRow(row: Row): R {
    return this.table.read(row);
  }

  read(row: Row): T {
    return this.mapping.fromRow(this.readRow(row));
  }

  /** Makes or changes what the file declares; undoes all where it is somebody else's. */
  put(row: R): Step {
    return { statement: this.putStatement, values: this.table.values(row), rows: 1 };
  }

  remove(key: string): Step {
    return { statement: this.removeStatement, values: [key], rows: 1 };
  }
}
