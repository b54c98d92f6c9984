import { measure } from './measure.js';
import { ServerProcess } from './server-process.js';
import { whole } from './table.js';

const idleMilliseconds = 1000;

/** A whole run: every row at every server that takes part in it, as many times as there are rounds. */
export class Rounds {
  /** @type {object[]} one for each row, server and round */
  samples = [];
  /** @type {object[]} one for each server and round */
  processes = [];

  /**
   * @param settings of readSettings()
   * @param rows see rows.js
   * @param serversOf gives the names of those that take part in a row
   * @param start gives the running server of a name
   * @param load a LoadProcess
   */
  constructor({ settings, rows, serversOf, start, load }) {
    Object.assign(this, { settings, rows, serversOf, start, load });
  }

  async run() {
    for (let round = 1; round <= this.settings.rounds; round++) await this.#runRound(round);
  }

  /** New processes in each round; row by row the servers take turns, so that a slow minute hits all of them. */
  async #runRound(round) {
    const running = [];
    try {
      for (const name of new Set(this.rows.flatMap((row) => this.serversOf(row)))) {
        const server = await this.start(name);
        running.push(server);
        await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
        server.idleMebibytes = server.residentMebibytes();
      }
      for (const row of this.rows) await this.#runRow(round, row, running);
      for (const server of running) {
        const { name, startMilliseconds, idleMebibytes } = server;
        const loadedMebibytes = server.residentMebibytes();
        this.processes.push({ round, server: name, startMilliseconds, idleMebibytes, loadedMebibytes });
      }
    } finally {
      await Promise.all(running.map((server) => server.stop()));
    }
  }

  async #runRow(round, row, running) {
    const names = this.serversOf(row);
    // Every second round backwards: nobody always comes after the same neighbour.
    for (const name of round % 2 === 1 ? names : names.reverse()) {
      const server = running.find((candidate) => candidate.name === name);
      const sample = { round, row: row.name, server: name, ...(await measure(row, server, this.load, this.settings)) };
      this.samples.push(sample);
      console.log(line(sample));
    }
  }
}

/** Whether a row counts: every answer of every server was the intended one. Says which do not. */
export function tellOfInvalid(samples) {
  const invalid = samples.filter(({ failures }) => failures > 0);
  for (const { row, server, failures } of invalid) {
    console.error(`INVALID: ${row} at ${server}: ${failures} answers were not the intended one.`);
  }
  return invalid.length > 0;
}

function line({ round, row, server, perSecond, loadBusy, serverBusy }) {
  const busy = serverBusy === undefined ? '' : `, server ${percent(serverBusy)}`;
  return (
    `round ${round}  ${row.padEnd(34)} ${server.padEnd(21)} ${perSecond.toFixed(0).padStart(6)}/s` +
    `  (load ${percent(loadBusy)} busy${busy})`
  );
}

function percent(share) {
  return `${whole(share * 100)}%`;
}
