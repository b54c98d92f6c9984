import { Injectable, Optional } from '@nestjs/common';
import { type HandleHash, type Interaction, type InteractionAnswers, InteractionStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { sql, type Statement } from '../database/statement.js';
import { type Sweep, sweep } from '../database/sweep.js';
import { Table } from '../database/table.js';
import { type InteractionRow, interactionSchema } from '../schema/interaction.schema.js';

const table = new Table(interactionSchema);
const find = sql(`SELECT ${table.columns} FROM interactions WHERE handle_hash = ?`);
const take = sql(`DELETE FROM interactions WHERE handle_hash = ? RETURNING ${table.columns}`);
// Each answer has its column: what is not answered stays as another request may just have left it.
const answer = sql(`UPDATE interactions SET
  signed_in = COALESCE(?, signed_in), chosen = COALESCE(?, chosen), consent = COALESCE(?, consent),
  cancelled = COALESCE(?, cancelled), signed_out = COALESCE(?, signed_out) WHERE handle_hash = ?`);

/** What an interaction takes beside its texts, in characters. */
const overhead = 1000;

/**
 * Interactions in a database. Anybody can begin a sign-in, so what one network takes of it is bounded: beyond that its oldest go, and nobody else's. All of
 * them together are not bounded but by their end.
 */
@Injectable()
export class TypeOrmInteractionStore extends InteractionStore {
  private readonly removeEnded: Sweep;
  private readonly trim: Statement;

  /** @param capacity for one network, in characters: by default 10,000 of the shortest interactions */
  constructor(
    private readonly database: Database,
    @Optional() private readonly capacity = 10_000_000,
  ) {
    super();
    this.removeEnded = sweep(database, 'interactions', 'handle_hash');
    this.trim = sql(`WITH excess AS MATERIALIZED (
      SELECT handle_hash FROM interactions WHERE handle_hash IN
        (SELECT handle_hash FROM
          (SELECT handle_hash, SUM(size) OVER (ORDER BY created_at DESC, handle_hash DESC) AS taken
            FROM interactions WHERE network = ?) AS newest
          WHERE taken > ? LIMIT 1000) ${database.skipLocked})
      DELETE FROM interactions WHERE handle_hash IN (SELECT handle_hash FROM excess)`);
  }

  async add(interaction: Interaction): Promise<void> {
    const row = rowOf(interaction);
    await this.database.run(table.insert, table.values(row));
    // Adding up reads an index entry for each interaction of the network, so it is done once in a twentieth of the capacity: by chance, or one network
    // could leave the counting to another.
    if (Math.random() * this.capacity < row.size * 20) await this.database.run(this.trim, [row.network, this.capacity]);
  }

  async find(handleHash: HandleHash): Promise<Interaction | undefined> {
    return interactionOf(table.readOptional(await this.database.first(find, [handleHash])));
  }

  async answer(handleHash: HandleHash, answers: InteractionAnswers): Promise<boolean> {
    const { signedIn, chosen, consent, cancelled, signedOut } = answers;
    const values = [signedIn, chosen, consent, cancelled, signedOut].map((one) => JSON.stringify(one) ?? null);
    return (await this.database.run(answer, [...values, handleHash])) === 1;
  }

  async take(handleHash: HandleHash): Promise<Interaction | undefined> {
    return interactionOf(table.readOptional(await this.database.first(take, [handleHash])));
  }

  async removeExpired(now: number, limit: number): Promise<number> {
    return this.removeEnded(now, limit);
  }
}

function rowOf({ answers, network = '', ...rest }: Interaction): InteractionRow {
  // Later answers choose among what was asked for, so they are not counted.
  return { ...rest, ...answers, network, size: overhead + JSON.stringify([rest.parameters, answers]).length };
}

function interactionOf(row: InteractionRow | undefined): Interaction | undefined {
  if (!row) return undefined;
  const { signedIn, chosen, consent, cancelled, signedOut, network, size: _, ...rest } = row;
  const answers = Object.entries({ signedIn, chosen, consent, cancelled, signedOut }).filter(
    ([, one]) => one !== undefined,
  );
  return { ...rest, ...(network !== '' && { network }), answers: Object.fromEntries(answers) };
}
