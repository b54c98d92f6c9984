/** What a statement may be given. */
export type Value = string | number | boolean | null;

/** One SQL statement for both databases: `?` stands for each value, in order. Made once, so that a connection prepares it once. */
export class Statement {
  private static made = 0;
  /** As PostgreSQL counts its parameters: `$1`, `$2`, … */
  readonly numbered: string;
  /** Under which a connection to PostgreSQL keeps it prepared. */
  readonly name = `tessera_${++Statement.made}`;

  constructor(readonly text: string) {
    let position = 0;
    this.numbered = text.replace(/\?/g, () => `$${++position}`);
  }
}

export function sql(text: string): Statement {
  return new Statement(text.replace(/\s+/g, ' ').trim());
}
