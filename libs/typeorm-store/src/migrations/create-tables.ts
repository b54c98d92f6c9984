import type { QueryRunner } from 'typeorm';

/** A table in the words that both databases share: its columns with type and constraints, and its indexes. */
export interface TablePlan {
  readonly name: string;
  readonly columns: readonly string[];
  /** By name: the columns, as they stand between the brackets. */
  readonly indexes: Readonly<Record<string, string>>;
}

export async function createTables(runner: QueryRunner, plans: readonly TablePlan[]): Promise<void> {
  for (const { name, columns, indexes } of plans) {
    await runner.query(`CREATE TABLE "${name}" (${columns.join(', ')})`);
    for (const [index, on] of Object.entries(indexes))
      await runner.query(`CREATE INDEX "${index}" ON "${name}" (${on})`);
  }
}

export async function dropTables(runner: QueryRunner, plans: readonly TablePlan[]): Promise<void> {
  for (const { name } of [...plans].reverse()) await runner.query(`DROP TABLE "${name}"`);
}
