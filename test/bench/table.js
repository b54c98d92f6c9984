// What the tables of all benches have in common.
import { median } from './statistics.js';

/** Below this share of its core the server was waiting for the load: the figure says nothing about the server. */
const saturated = 0.9;

/** One object for each row: what each of the servers did in it, as medians over the rounds. */
export function mediansByServer(samples, row, servers) {
  return Object.fromEntries(
    servers
      .map((server) => [server, samples.filter((sample) => sample.row === row && sample.server === server)])
      .filter(([, taken]) => taken.length > 0)
      .map(([server, taken]) => [server, medians(taken)]),
  );
}

function medians(samples) {
  const of = (read) => median(samples.map(read));
  return {
    perSecond: of((sample) => sample.perSecond),
    cpuMicrosecondsPerRequest: of((sample) => sample.cpuMicrosecondsPerRequest),
    databaseCpuMicrosecondsPerRequest: of((sample) => sample.databaseCpuMicrosecondsPerRequest),
    serverBusy: of((sample) => sample.serverBusy),
    residentMebibytes: of((sample) => sample.residentMebibytes),
    p50: of((sample) => sample.latency.p50),
    p99: of((sample) => sample.latency.p99),
  };
}

/** @param {Record<string, { title: string }>} servers */
export function processTable(processes, servers) {
  const names = [...new Set(processes.map(({ server }) => server))];
  return table(
    ['process', 'first answer ms', 'idle MiB', 'after all rows MiB'],
    names.map((name) => {
      const of = (field) => whole(median(processes.filter(({ server }) => server === name).map((run) => run[field])));
      return [servers[name].title, of('startMilliseconds'), of('idleMebibytes'), of('loadedMebibytes')];
    }),
  );
}

export function notes(summary) {
  const waiting = summary.some(({ servers: by }) => Object.values(by).some(isWaiting));
  return waiting
    ? '\\* The server did not use its whole core: the load, the database or its disk was the limit, or other work had the core. Compare the CPU instead.'
    : '';
}

export function rate(result) {
  return `${whole(result.perSecond)}${isWaiting(result) ? ' \\*' : ''}`;
}

function isWaiting({ serverBusy }) {
  return serverBusy !== undefined && serverBusy < saturated;
}

export function ratio(ours, other) {
  return ours.perSecond / other.perSecond;
}

/** The ratio that is left when other work takes a part of the core: how much less time of it a request needs. */
export function cpuRatio(ours, other) {
  return other.cpuMicrosecondsPerRequest / ours.cpuMicrosecondsPerRequest;
}

export function times(number) {
  return Number.isNaN(number) ? '?' : `${number.toFixed(2)}×`;
}

export function whole(number) {
  return number === undefined ? '?' : Math.round(number).toLocaleString('en-US');
}

/** A Markdown table; the first column is text, the others are aligned as numbers. */
export function table(heads, lines) {
  const widths = heads.map((head, column) => Math.max(head.length, ...lines.map((line) => line[column].length)));
  const row = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [row(heads), row(rule), ...lines.map(row)].join('\n');
}
