// What a run found, as Markdown tables: one for each kind of token.
import { cpuRatio, mediansByServer, notes, processTable, rate, ratio, table, times, whole } from '../table.js';
import { besides, servers } from './servers.js';

/** Medians over the rounds: one object for each row, with what each server did. */
export function summarize(rows, samples) {
  return rows.map(({ name, title }) => ({
    name,
    title,
    servers: mediansByServer(samples, name, Object.keys(servers)),
  }));
}

export function report(summary, processes) {
  return [...summary.map(rowTable), processTable(processes, servers), notes(summary)].filter(Boolean).join('\n\n');
}

function rowTable({ title, servers: by }) {
  const lines = Object.entries(by).map(([name, result]) => {
    const { open, idle, usual } = besides(servers[name]);
    return [
      servers[name].title,
      rate(result),
      share(result, by[open], ratio),
      share(result, by[open], cpuRatio),
      share(result, by[idle], ratio),
      share(result, by[idle], cpuRatio),
      by[usual] ? times(ratio(result, by[usual])) : '',
      by[usual] ? times(cpuRatio(result, by[usual])) : '',
      whole(result.cpuMicrosecondsPerRequest),
      `${whole(result.p50)}, ${whole(result.p99)}`,
    ];
  });
  const heads = [
    title,
    'requests/s',
    'of unprotected',
    'by CPU',
    'of the idle guard',
    'by CPU',
    'to passport-jwt',
    'by CPU',
    'CPU µs/request',
    'p50, p99 ms',
  ];
  return table(heads, lines);
}

/** Empty where the other did not take part. */
function share(result, other, read) {
  return other ? `${whole(read(result, other) * 100)}%` : '';
}
