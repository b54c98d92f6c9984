import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm';
import type { Row } from './database.js';
import { type Statement, sql, type Value } from './statement.js';

/** A column as the statements see it. */
interface Column {
  readonly property: string;
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'boolean' | 'json';
}

/**
 * A noun of the model as rows of a table, by the columns of its schema: lists and objects are JSON, `undefined` is NULL, and a row read again is the
 * very same object.
 */
export class Table<T extends object> {
  readonly name: string;
  /** All columns, as they stand after SELECT and RETURNING. */
  readonly columns: string;
  readonly insert: Statement;
  private readonly all: readonly Column[];

  constructor(schema: EntitySchema<T>) {
    this.name = schema.options.tableName ?? schema.options.name;
    this.all = Object.entries<EntitySchemaColumnOptions | undefined>(schema.options.columns).map(columnOf);
    this.columns = this.all.map(({ name }) => name).join(', ');
    this.insert = sql(`INSERT INTO ${this.name} (${this.columns}) VALUES (${this.all.map(() => '?').join(', ')})`);
  }

  /** The values of a row, in the order of `columns`. */
  values(item: T): Value[] {
    return this.all.map(({ property, kind }) => {
      const value = (item as Readonly<Record<string, unknown>>)[property];
      if (value === undefined || value === null) return null;
      return kind === 'json' ? JSON.stringify(value) : (value as Value);
    });
  }

  read(row: Row): T {
    const item: Record<string, unknown> = {};
    for (const { property, name, kind } of this.all) {
      const value = row[name];
      if (value !== null && value !== undefined) item[property] = read(kind, value);
    }
    return item as T;
  }

  /** Undefined stays undefined. */
  readOptional(row: Row | undefined): T | undefined {
    return row && this.read(row);
  }
}

function columnOf([property, options]: [string, EntitySchemaColumnOptions | undefined]): Column {
  const kind = kinds[String(options!.type)];
  if (!kind) throw new Error(`Column ${property} has type ${String(options!.type)}, which stores do not use.`);
  return { property, name: options!.name ?? property, kind };
}

const kinds: Readonly<Record<string, Column['kind']>> = {
  text: 'text',
  varchar: 'text',
  bigint: 'integer',
  integer: 'integer',
  boolean: 'boolean',
  'simple-json': 'json',
};

function read(kind: Column['kind'], value: unknown): unknown {
  if (kind === 'json') return JSON.parse(value as string);
  // PostgreSQL's driver gives 64 bits as text, SQLite has no booleans.
  if (kind === 'integer') return Number(value);
  return kind === 'boolean' ? Boolean(value) : value;
}
