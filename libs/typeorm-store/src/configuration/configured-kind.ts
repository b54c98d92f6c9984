import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm';
import type { Row, Step } from '../database/database.js';
import { type Statement, sql } from '../database/statement.js';
import { Table } from '../database/table.js';
import type { ConfiguredItem } from '../schema/configured-item.schema.js';
import type { ConfiguredKindName } from './configuration-changes.js';

/** Between an object of the model and its row. What has a column of its own is not in `data` as well: the column counts. */
export interface Mapping<T, R extends ConfiguredItem> {
  toRow(item: T): Omit<R, 'owner'>;
  fromRow(row: R): T;
}

/** So many are made by one statement, where there are so many: a database elsewhere answers each statement after a while. */
const madeAtOnce = 100;

/** How one kind of what is configured is read, and how the configuration file and others write it. */
export class ConfiguredKind<T extends object, R extends ConfiguredItem = ConfiguredItem> {
  readonly all: Statement;
  readonly one: Statement;
  readonly ofFile: Statement;
  /** So many, in the order of their keys, from behind one key on. */
  readonly page: Statement;
  readonly columns: string;
  private readonly table: Table<R>;
  private readonly putStatement: Statement;
  private readonly addStatement: Statement;
  private readonly addManyStatement: Statement;
  private readonly changeStatement: Statement;
  private readonly removeOfFile: Statement;
  private readonly removeOfOthers: Statement;

  /** @param assignments what a second declaration sets, beside `data` and `enabled` */
  constructor(
    readonly name: ConfiguredKindName,
    schema: EntitySchema<R>,
    private readonly mapping: Mapping<T, R>,
    assignments: readonly string[] = [],
  ) {
    const { name: table, columns, insert } = (this.table = new Table(schema));
    const key = (schema.options.columns as Record<'key', EntitySchemaColumnOptions>).key.name!;
    this.columns = columns;
    this.all = sql(`SELECT ${columns} FROM ${table} ORDER BY ${key}`);
    this.one = sql(`SELECT ${columns} FROM ${table} WHERE ${key} = ?`);
    this.ofFile = sql(`SELECT ${columns} FROM ${table} WHERE owner = 'file' ORDER BY ${key}`);
    this.page = sql(`SELECT ${columns} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?`);
    const set = ['data = excluded.data', 'enabled = excluded.enabled', ...assignments].join(', ');
    this.putStatement = sql(`${insert.text} ON CONFLICT (${key}) DO UPDATE SET ${set} WHERE ${table}.owner = 'file'`);
    this.addStatement = sql(`${insert.text} ON CONFLICT DO NOTHING`);
    const more = `, (${columns.replace(/\w+/g, '?')})`.repeat(madeAtOnce - 1);
    this.addManyStatement = sql(`${insert.text}${more} ON CONFLICT DO NOTHING`);
    const all = columns.split(', ').map((column) => `${column} = ?`);
    this.changeStatement = sql(`UPDATE ${table} SET ${all.join(', ')} WHERE ${key} = ? AND owner IS NULL`);
    this.removeOfFile = sql(`DELETE FROM ${table} WHERE ${key} = ? AND owner = 'file'`);
    this.removeOfOthers = sql(`DELETE FROM ${table} WHERE ${key} = ? AND owner IS NULL`);
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
    return { statement: this.putStatement, values: this.values(row), rows: 1 };
  }

  remove(key: string): Step {
    return { statement: this.removeOfFile, values: [key], rows: 1 };
  }

  /** Makes what no file declares; undoes all where there is one already. */
  add(items: readonly T[]): Step[] {
    const rows = items.map((item) => this.values(this.rowOfOthers(item)));
    const whole = rows.length - (rows.length % madeAtOnce);
    const steps: Step[] = [];
    for (let from = 0; from < whole; from += madeAtOnce) {
      const values = rows.slice(from, from + madeAtOnce).flat();
      steps.push({ statement: this.addManyStatement, values, rows: madeAtOnce });
    }
    return [...steps, ...rows.slice(whole).map((values) => ({ statement: this.addStatement, values, rows: 1 }))];
  }

  /** Changes what no file declares; undoes all where it is the file's, or not there. */
  change(item: T): Step {
    const row = this.rowOfOthers(item);
    return { statement: this.changeStatement, values: [...this.values(row), row.key], rows: 1 };
  }

  /** Removes what no file declares; undoes all where it is the file's, or not there. */
  removeOther(key: string): Step {
    return { statement: this.removeOfOthers, values: [key], rows: 1 };
  }

  protected values(row: R) {
    return this.table.values(row);
  }

  protected rowOfOthers(item: T): R {
    return this.mapping.toRow(item) as R;
  }
}
