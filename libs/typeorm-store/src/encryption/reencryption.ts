import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { EncryptedColumn } from './encrypted-column.js';
import { encryptedColumns } from './encrypted-columns.js';
import { Encryption } from './encryption.js';

/** How much of a column is encrypted, and with which keys. */
export interface EncryptedCount {
  readonly table: string;
  readonly column: string;
  readonly values: number;
  /** Of these, encrypted with another key than the first. */
  readonly old: number;
}

/** What was encrypted anew. */
export interface ReencryptedCount extends EncryptedCount {
  readonly reencrypted: number;
}

/** How often somebody else may write with an older key meanwhile. */
const rounds = 5;

/** Encrypts with the first key what was encrypted with another, so that the others can be taken away. Servers go on meanwhile. */
@Injectable()
export class Reencryption {
  constructor(
    private readonly database: Database,
    private readonly encryption: Encryption,
  ) {}

  /** The name of the key that encrypts. */
  get keyId(): string {
    return this.encryption.keyId;
  }

  /** Opens everything, and changes nothing. @throws EncryptionError where something was encrypted with a key that is not given */
  async survey(): Promise<readonly EncryptedCount[]> {
    const counts: EncryptedCount[] = [];
    for (const column of encryptedColumns) counts.push(await this.count(column));
    return counts;
  }

  /**
   * Each value by itself, and only if nobody else has changed it since it was read. What is left `old` was written meanwhile by a server whose first
   * key is another.
   * @throws EncryptionError as `survey`, before anything is changed
   */
  async run(): Promise<readonly ReencryptedCount[]> {
    await this.survey();
    const counts: ReencryptedCount[] = [];
    for (const column of encryptedColumns) {
      let reencrypted = 0;
      let count = await this.count(column);
      for (let round = 0; count.old > 0 && round < rounds; round++) {
        reencrypted += await this.renew(column);
        count = await this.count(column);
      }
      counts.push({ ...count, reencrypted });
    }
    return counts;
  }

  private async count(column: EncryptedColumn<never>): Promise<EncryptedCount> {
    let [values, old] = [0, 0];
    for await (const { key, sealed } of column.values(this.database)) {
      column.open(this.encryption, key, sealed);
      values += 1;
      if (this.encryption.isOld(sealed)) old += 1;
    }
    return { table: column.table, column: column.column, values, old };
  }

  private async renew(column: EncryptedColumn<never>): Promise<number> {
    let renewed = 0;
    for await (const value of column.values(this.database)) {
      if (!this.encryption.isOld(value.sealed)) continue;
      const sealed = column.seal(this.encryption, value.key, column.open(this.encryption, value.key, value.sealed));
      if (await column.replace(this.database, value, sealed)) renewed += 1;
    }
    return renewed;
  }
}
