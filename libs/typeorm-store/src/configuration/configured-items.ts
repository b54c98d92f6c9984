import type { Database, Row, Step } from '../database/database.js';
import type { ConfiguredItem } from '../schema/configured-item.schema.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import type { ConfiguredKind } from './configured-kind.js';

/** Something of the configuration, and who says what it is. */
export interface ConfiguredEntry<T> {
  readonly item: T;
  /** Whether the configuration file declares it: then it is changed there, and nowhere else. */
  readonly isOfFile: boolean;
}

/** It cannot be changed as asked, and nothing has been changed. The message says what would be right. */
export class ConfigurationEditError extends Error {
  override readonly name = 'ConfigurationEditError';

  constructor(
    message: string,
    /** Whether it is the configuration file's. Otherwise it is not there. */
    readonly isOfFile: boolean,
  ) {
    super(message);
  }
}

/** How often somebody else may change the configuration in between. */
const attempts = 20;

/** The clients, or the people, that no file declares: made and changed one by one. Each change counts on all servers within two seconds. */
export class ConfiguredItems<T extends object, R extends ConfiguredItem = ConfiguredItem> {
  constructor(
    protected readonly database: Database,
    protected readonly changes: ConfigurationChanges,
    protected readonly kind: ConfiguredKind<T, R>,
  ) {}

  async find(key: string): Promise<ConfiguredEntry<T> | undefined> {
    return this.entry(await this.database.first(this.kind.one, [key]));
  }

  /** Up to `limit` of them in the order of their keys, those after `after`. */
  async page(after = '', limit = 100): Promise<readonly ConfiguredEntry<T>[]> {
    const rows = await this.database.all(this.kind.page, [after, limit]);
    return rows.map((row) => this.entry(row)!);
  }

  /** All of them or none. @returns false: nothing has happened, because one of them, or of their unique names, is there already */
  async add(...items: readonly T[]): Promise<boolean> {
    const changed = items.map((item) => ({ kind: this.kind.name, key: this.kind.row(item).key }));
    return this.changes.publish(changed, this.kind.add(items));
  }

  /** @param to makes of what is there what shall be there. @throws ConfigurationEditError where it is not there, or the file's */
  async change(key: string, to: (item: T) => T): Promise<T> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const version = await this.changes.version();
      const { item } = await this.changeable(key);
      const changed = to(item);
      if (await this.publish(key, this.kind.change(changed), version)) return changed;
    }
    throw new Error(`The configuration was changed by others ${attempts} times while this change was made.`);
  }

  /** @throws ConfigurationEditError where it is not there, or the file's */
  async remove(key: string): Promise<void> {
    await this.changeable(key);
    if (!(await this.publish(key, this.kind.removeOther(key)))) await this.changeable(key);
  }

  protected publish(key: string, step: Step, version?: number): Promise<boolean> {
    return this.changes.publish([{ kind: this.kind.name, key }], [step], version);
  }

  protected entry(row: Row | undefined): ConfiguredEntry<T> | undefined {
    return row && { item: this.kind.read(row), isOfFile: this.kind.readRow(row).owner === 'file' };
  }

  private async changeable(key: string): Promise<ConfiguredEntry<T>> {
    const entry = await this.find(key);
    if (!entry) throw new ConfigurationEditError(`There is no ${this.kind.name} ${JSON.stringify(key)}.`, false);
    if (!entry.isOfFile) return entry;
    throw new ConfigurationEditError(
      `The configuration file declares ${this.kind.name} ${JSON.stringify(key)}: change it there.`,
      true,
    );
  }
}
