import { Injectable } from '@nestjs/common';
import { PairwiseSubjectStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';
import { Table } from '../database/table.js';
import { pairwiseSubjectSchema } from '../schema/pairwise-subject.schema.js';

const table = new Table(pairwiseSubjectSchema);
const add = sql(`${table.insert.text} ON CONFLICT (identifier) DO NOTHING`);
const find = sql(`SELECT subject FROM pairwise_subjects WHERE identifier = ?`);

@Injectable()
export class TypeOrmPairwiseSubjectStore extends PairwiseSubjectStore {
  constructor(private readonly database: Database) {
    super();
  }

  async add(identifier: string, subject: string): Promise<void> {
    await this.database.run(add, [identifier, subject]);
  }

  async find(identifier: string): Promise<string | undefined> {
    return (await this.database.first(find, [identifier]))?.subject as string | undefined;
  }
}
