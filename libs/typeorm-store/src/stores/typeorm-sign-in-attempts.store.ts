import { Injectable } from '@nestjs/common';
import {
  type Admission,
  delayAfter,
  type DelayRule,
  SignInAttempts,
  type Standing,
  triesUntilLongest,
} from '@tessera/resource-model';
import { Database, type Row } from '../database/database.js';
import { listed, sql } from '../database/statement.js';

/** Seconds since 1970 with their fraction: one moment for a whole statement. */
const clocks = {
  sqlite: `unixepoch('subsec')`,
  postgres: `extract(epoch from now())::double precision`,
} as const;

/** So many counts pass between two clean-ups, and so many keys at the most go in each. A count leaves one key. */
const cleanUp = { every: 100, limit: 1000 };

/** Sign-in attempts in a database, for all servers together. A key that is over goes when others are counted. */
@Injectable()
export class TypeOrmSignInAttempts extends SignInAttempts {
  private readonly statements: ReturnType<typeof statementsOn>;
  private counted = 0;

  constructor(private readonly database: Database) {
    super();
    this.statements = statementsOn(database);
  }

  async look(keys: readonly string[]): Promise<readonly Standing[]> {
    const rows = await this.database.all(this.statements.look, [JSON.stringify(keys)]);
    const standings = new Map(rows.map((row) => [row.counted_under, standingOf(row)]));
    return keys.map((key) => standings.get(key) ?? { tries: 0, wait: 0 });
  }

  async enter(key: string, rule: DelayRule): Promise<Admission> {
    if (++this.counted % cleanUp.every === 0) await this.database.run(this.statements.cleanUp, [cleanUp.limit]);
    const { free, longest, within } = rule;
    const first = delayAfter(rule, 1);
    const values = [key, within, first, first, free, triesUntilLongest(rule), free, longest];
    const row = await this.database.first(this.statements.enter, values);
    if (row) return { wait: 0, number: Number(row.tries), heldUntil: Number(row.held_until) };
    // Asked anew: a statement that had to wait for another one goes by a moment before that. Free again meanwhile: another try.
    const [{ wait }] = (await this.look([key])) as [Standing];
    return wait > 0 ? { wait, number: 0, heldUntil: 0 } : this.enter(key, rule);
  }

  async takeBack(key: string, { heldUntil }: Admission): Promise<void> {
    await this.database.run(this.statements.takeBack, [heldUntil, key]);
  }

  async forget(key: string): Promise<void> {
    await this.database.run(this.statements.forget, [key]);
  }
}

function standingOf({ tries, seconds }: Row): Standing {
  return { tries: Number(tries), wait: Math.max(0, Math.ceil(Number(seconds))) };
}

function statementsOn({ dialect, skipLocked }: Database) {
  const now = clocks[dialect];
  const isOver = `kept.counted_until <= ${now}`;
  return {
    look: sql(`SELECT counted_under, tries, held_until - ${now} AS seconds FROM sign_in_attempts
      WHERE counted_under ${listed[dialect]} AND counted_until > ${now}`),
    // The delay after one try comes with the values; what follows the ON CONFLICT is `delayAfter` for one more than there were. What is not held up has 0,
    // never this moment: to a statement that had to wait for this one, and goes by a moment before it, that would be a hold.
    enter: sql(`INSERT INTO sign_in_attempts AS kept (counted_under, tries, counted_until, held_until)
      VALUES (?, 1, ${now} + ?, CASE WHEN ? > 0 THEN ${now} + ? ELSE 0 END)
      ON CONFLICT (counted_under) DO UPDATE SET
        tries = CASE WHEN ${isOver} THEN 1 ELSE kept.tries + 1 END,
        counted_until = CASE WHEN ${isOver} THEN excluded.counted_until ELSE kept.counted_until END,
        held_until = CASE WHEN ${isOver} THEN excluded.held_until
          WHEN kept.tries + 1 < ? THEN 0
          WHEN kept.tries + 1 < ? THEN ${now} + (1 << CAST(kept.tries + 1 - ? AS integer))
          ELSE ${now} + ? END
        WHERE kept.held_until <= ${now} OR ${isOver}
      RETURNING tries, held_until`),
    // Without a try there is no first one whose time runs on.
    takeBack: sql(`UPDATE sign_in_attempts SET tries = tries - 1,
        counted_until = CASE WHEN tries > 1 THEN counted_until ELSE 0 END,
        held_until = CASE WHEN held_until = ? THEN 0 ELSE held_until END
      WHERE counted_under = ? AND tries > 0 AND counted_until > ${now}`),
    forget: sql(`DELETE FROM sign_in_attempts WHERE counted_under = ?`),
    cleanUp: sql(`WITH ended AS MATERIALIZED
      (SELECT counted_under FROM sign_in_attempts WHERE counted_until < ${now} LIMIT ? ${skipLocked})
      DELETE FROM sign_in_attempts WHERE counted_under IN (SELECT counted_under FROM ended)`),
  };
}
