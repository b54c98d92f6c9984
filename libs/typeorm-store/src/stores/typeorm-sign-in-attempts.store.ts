import { Injectable } from '@nestjs/common';
import { SignInAttempts } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql } from '../database/statement.js';

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

  async count(key: string, within: number): Promise<number> {
    if (++this.counted % cleanUp.every === 0) await this.database.run(this.statements.cleanUp, [cleanUp.limit]);
    return Number((await this.database.first(this.statements.count, [key, within]))!.tries);
  }

  async giveBack(key: string): Promise<void> {
    await this.database.run(this.statements.giveBack, [key]);
  }

  async hold(key: string, seconds: number): Promise<number> {
    if ((await this.database.run(this.statements.hold, [key, seconds])) === 1) return 0;
    // Asked anew: a statement that had to wait for another one goes by a moment before that. Free again meanwhile: another try.
    return (await this.heldFor(key)) || this.hold(key, seconds);
  }

  async heldFor(key: string): Promise<number> {
    const row = await this.database.first(this.statements.heldFor, [key]);
    return row ? Math.ceil(Number(row.seconds)) : 0;
  }

  async release(key: string): Promise<void> {
    await this.database.run(this.statements.release, [key]);
  }

  async forget(key: string): Promise<void> {
    await this.database.run(this.statements.forget, [key]);
  }
}

function statementsOn({ dialect, skipLocked }: Database) {
  const now = clocks[dialect];
  const insert = 'INSERT INTO sign_in_attempts AS kept (counted_under, tries, counted_until, held_until)';
  return {
    count: sql(`${insert} VALUES (?, 1, ${now} + ?, 0) ON CONFLICT (counted_under) DO UPDATE SET
      tries = CASE WHEN kept.counted_until > ${now} THEN kept.tries + 1 ELSE 1 END,
      counted_until = CASE WHEN kept.counted_until > ${now} THEN kept.counted_until ELSE excluded.counted_until END
      RETURNING tries`),
    giveBack: sql(`UPDATE sign_in_attempts SET tries = tries - 1
      WHERE counted_under = ? AND tries > 0 AND counted_until > ${now}`),
    hold: sql(`${insert} VALUES (?, 0, 0, ${now} + ?) ON CONFLICT (counted_under) DO UPDATE SET
      held_until = excluded.held_until WHERE kept.held_until <= ${now}`),
    heldFor: sql(`SELECT held_until - ${now} AS seconds FROM sign_in_attempts
      WHERE counted_under = ? AND held_until > ${now}`),
    release: sql(`UPDATE sign_in_attempts SET held_until = 0 WHERE counted_under = ?`),
    forget: sql(`DELETE FROM sign_in_attempts WHERE counted_under = ?`),
    cleanUp: sql(`WITH ended AS MATERIALIZED
      (SELECT counted_under FROM sign_in_attempts WHERE counted_until < ${now} AND held_until < ${now}
        LIMIT ? ${skipLocked})
      DELETE FROM sign_in_attempts WHERE counted_under IN (SELECT counted_under FROM ended)`),
  };
}
