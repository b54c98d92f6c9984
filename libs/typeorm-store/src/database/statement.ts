import { hash } from 'node:crypto';

/** What a statement may be given. */
export type Value = string | number | boolean | null;

/** One SQL statement for both databases: `?` stands for each value, in order. Made once, so that a connection prepares it once. */
export class Statement {
  /** As PostgreSQL counts its parameters: `$1`, `$2`, … */
  readonly numbered: string;
  /** Under which a connection to PostgreSQL keeps it prepared: a pooler may lend the same connection to servers of two versions. */
  readonly name: string;
  /** Whether it changes anything. */
  readonly writes: boolean;

  constructor(readonly text: string) {
    this.writes = /\b(?:INSERT|UPDATE|DELETE)\b/.test(text);
    let position = 0;
    this.numbered = text.replace(/\?/g, () => `$${++position}`);
    this.name = `tessera_${hash('sha256', this.numbered).slice(0, 32)}`;
  }
}

export function sql(text: string): Statement {
  return new Statement(text.replace(/\s+/g, ' ').trim());
}

/** Behind the name of a column: it has one of the values of a JSON list of texts, however many they are. */
export const listed = {
  sqlite: 'IN (SELECT value FROM json_each(?))',
  postgres: '= ANY (ARRAY(SELECT jsonb_array_elements_text(?::jsonb)))',
} as const;
