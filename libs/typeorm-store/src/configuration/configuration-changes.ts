import { Clock } from '@tessera/resource-model';
import { Database, type Row, type Step } from '../database/database.js';
import { sql } from '../database/statement.js';

/** What a configuration is made of. */
export type ConfiguredKindName =
  'client' | 'api_resource' | 'api_scope' | 'authorization_detail_type' | 'identity_resource' | 'user';

/** Something of the configuration that was made, changed or removed. */
export interface ConfigurationChange {
  readonly kind: ConfiguredKindName;
  /** Client id, name or subject. */
  readonly key: string;
}

/** Somebody who keeps what was read from the database. */
export interface ChangeFollower {
  readonly kinds: readonly ConfiguredKindName[];
  drop(key: string): void;
  dropAll(): void;
}

/** Seconds for which changes can be read one by one. */
const keptFor = 3600;

/** Where more has changed since the last time, as by an import of many people, reading all of it takes longer than reading anew what is needed. */
const mostRead = 5000;

/**
 * The first step of every change: it locks the one row until the transaction ends. So versions become visible in their order, without a gap, and
 * nobody can read a version before one that is still on its way.
 */
const countUp = sql(
  `INSERT INTO configuration_versions (id, version) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET version = configuration_versions.version + 1`,
);
const countUpFrom = sql(`${countUp.text} WHERE configuration_versions.version = ?`);
const record = sql(
  `INSERT INTO configuration_changes (version, kind, key, at) SELECT version, ?, ?, ? FROM configuration_versions`,
);
const prune = sql(`DELETE FROM configuration_changes WHERE at < ?`);
const readVersion = sql(`SELECT version FROM configuration_versions`);
const readSince = sql(
  `SELECT latest.version AS latest, changed.version AS version, changed.kind AS kind, changed.key AS key
    FROM configuration_versions latest LEFT JOIN configuration_changes changed ON changed.version > ? LIMIT ?`,
);

/** How servers that share a database learn what changed in the configuration. */
export class ConfigurationChanges {
  private readonly followers: ChangeFollower[] = [];
  /** The version up to which changes are known; none: nothing has been read, and anything may have changed. */
  private seen: number | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  follow(follower: ChangeFollower): void {
    this.followers.push(follower);
  }

  /** The version that the configuration has now. */
  async version(): Promise<number> {
    return Number((await this.database.first(readVersion, []))?.version ?? 0);
  }

  /**
   * Carries out a change and tells the others of it, together or not at all.
   * @param from the version that the change was thought out for; none: any
   * @returns false: nothing has happened, because a step did not find what it had to, or the configuration is not at `from` any more
   */
  async publish(changes: readonly ConfigurationChange[], steps: readonly Step[], from?: number): Promise<boolean> {
    const now = this.clock.now();
    const isDone = await this.database.together([
      {
        ...(from === undefined ? { statement: countUp, values: [] } : { statement: countUpFrom, values: [from] }),
        rows: 1,
      },
      ...steps,
      ...changes.map(({ kind, key }) => ({ statement: record, values: [kind, key, now] })),
      { statement: prune, values: [now - keptFor] },
    ]);
    if (isDone) changes.forEach((change) => this.drop(change));
    return isDone;
  }

  /** Drops what has changed since the last time; everything, where that cannot be told any more. */
  async poll(): Promise<void> {
    const { seen } = this;
    if (seen === undefined) {
      this.seen = await this.version();
      this.dropAll();
      return;
    }
    const rows = await this.database.all(readSince, [seen, mostRead + 1]);
    const changed = rows.filter(({ version }) => version !== null);
    this.seen = Number(rows[0]?.latest ?? 0);
    if (changed.length > mostRead) return this.dropAll();
    // Each version has at least one change: where one lacks, it has been pruned. Versions that go back are another database's.
    if (new Set(changed.map(({ version }) => Number(version))).size !== this.seen - seen) this.dropAll();
    else changed.forEach((row) => this.drop(changeOf(row)));
  }

  dropAll(): void {
    this.followers.forEach((follower) => follower.dropAll());
  }

  private drop({ kind, key }: ConfigurationChange): void {
    this.followers.filter(({ kinds }) => kinds.includes(kind)).forEach((follower) => follower.drop(key));
  }
}

function changeOf({ kind, key }: Row): ConfigurationChange {
  return { kind: kind as ConfiguredKindName, key: key as string };
}
