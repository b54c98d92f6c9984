// What a run found, as Markdown tables.
import { contenders, servers, storeServers } from './servers.js';
import { geometricMean, median } from './statistics.js';

/** Below this share of its core the server was waiting for the load: the figure says nothing about the server. */
const saturated = 0.9;

/** Medians over the rounds: one object for each row, with what each server did. */
export function summarize(rows, samples) {
  return rows.map(({ name, title, floors }) => ({
    name,
    title,
    floors,
    servers: Object.fromEntries(
      Object.keys(servers)
        .map((server) => [server, samples.filter(isOf(name, server))])
        .filter(([, taken]) => taken.length > 0)
        .map(([server, taken]) => [server, medians(taken)]),
    ),
  }));
}

/** Whether a row counts: every answer of every server was the intended one. */
export function invalidRows(samples) {
  return samples.filter(({ failures }) => failures > 0);
}

export function report(summary, processes) {
  return [rowTable(summary), storeTable(summary), floorTable(summary), processTable(processes), notes(summary)]
    .filter(Boolean)
    .join('\n\n');
}

function isOf(row, server) {
  return (sample) => sample.row === row && sample.server === server;
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

function rowTable(summary) {
  const [ours, peer] = contenders;
  const titles = [servers[ours].title, servers[peer].title];
  const lines = summary.map(({ title, servers: by }) => [
    title,
    rate(by[ours]),
    rate(by[peer]),
    times(ratio(by[ours], by[peer])),
    `${whole(by[ours].cpuMicrosecondsPerRequest)} / ${whole(by[peer].cpuMicrosecondsPerRequest)}`,
    times(cpuRatio(by[ours], by[peer])),
    `${whole(by[ours].p50)}, ${whole(by[ours].p99)} / ${whole(by[peer].p50)}, ${whole(by[peer].p99)}`,
    `${whole(by[ours].residentMebibytes)} / ${whole(by[peer].residentMebibytes)}`,
  ]);
  const mean = (read) => times(geometricMean(summary.map(({ servers: by }) => read(by[ours], by[peer]))));
  return table(
    ['requests/s', ...titles, 'ratio', 'CPU µs/request', 'by CPU', 'p50, p99 ms', 'MiB after'],
    [...lines, ['geometric mean', '', '', mean(ratio), '', mean(cpuRatio), '', '']],
  );
}

/** What it costs to keep in a database what is issued: beside ourselves in memory, and beside the peer, which keeps everything in memory. */
function storeTable(summary) {
  const [ours, peer] = contenders;
  const lines = summary.flatMap(({ title, servers: by }) =>
    [ours, ...Object.values(storeServers)]
      .filter((server) => by[server] && Object.values(storeServers).some((stored) => by[stored]))
      .map((server) => [
        title,
        servers[server].title,
        rate(by[server]),
        `${whole(ratio(by[server], by[ours]) * 100)}%`,
        times(ratio(by[server], by[peer])),
        whole(by[server].cpuMicrosecondsPerRequest),
        by[server].databaseCpuMicrosecondsPerRequest === undefined
          ? ''
          : whole(by[server].databaseCpuMicrosecondsPerRequest),
        `${whole(by[server].p50)}, ${whole(by[server].p99)}`,
      ]),
  );
  const heads = [
    'stores',
    'server',
    'requests/s',
    'of memory',
    `to ${servers[peer].title}`,
    'CPU µs/request',
    'database CPU µs',
    'p50, p99 ms',
  ];
  return lines.length > 0 ? table(heads, lines) : '';
}

function floorTable(summary) {
  // Of the floor's rate; and what that would be if nothing but the CPU time of a request counted.
  const lines = summary.flatMap(({ title, floors, servers: by }) =>
    floors.map((floor) => [
      title,
      servers[floor].title,
      rate(by[floor]),
      whole(by[floor].cpuMicrosecondsPerRequest),
      `${whole(ratio(by[contenders[0]], by[floor]) * 100)}%`,
      `${whole(cpuRatio(by[contenders[0]], by[floor]) * 100)}%`,
    ]),
  );
  const heads = [
    'floor',
    'server',
    'requests/s',
    'CPU µs/request',
    `${servers[contenders[0]].title} reaches`,
    'by CPU',
  ];
  return lines.length > 0 ? table(heads, lines) : '';
}

function processTable(processes) {
  const names = [...new Set(processes.map(({ server }) => server))];
  return table(
    ['process', 'first answer ms', 'idle MiB', 'after all rows MiB'],
    names.map((name) => {
      const of = (field) => whole(median(processes.filter(({ server }) => server === name).map((run) => run[field])));
      return [servers[name].title, of('startMilliseconds'), of('idleMebibytes'), of('loadedMebibytes')];
    }),
  );
}

function notes(summary) {
  const waiting = summary.some(({ servers: by }) => Object.values(by).some(isWaiting));
  return waiting
    ? '\\* The server did not use its whole core: the load, the database or its disk was the limit, or other work had the core. Compare the CPU instead.'
    : '';
}

function rate(result) {
  return `${whole(result.perSecond)}${isWaiting(result) ? ' \\*' : ''}`;
}

function isWaiting({ serverBusy }) {
  return serverBusy !== undefined && serverBusy < saturated;
}

function ratio(ours, other) {
  return ours.perSecond / other.perSecond;
}

/** The ratio that is left when other work takes a part of the core: how much less time of it a request needs. */
function cpuRatio(ours, other) {
  return other.cpuMicrosecondsPerRequest / ours.cpuMicrosecondsPerRequest;
}

function times(number) {
  return Number.isNaN(number) ? '?' : `${number.toFixed(2)}×`;
}

function whole(number) {
  return number === undefined ? '?' : Math.round(number).toLocaleString('en-US');
}

/** A Markdown table; the first column is text, the others are aligned as numbers. */
function table(heads, lines) {
  const widths = heads.map((head, column) => Math.max(head.length, ...lines.map((line) => line[column].length)));
  const row = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [row(heads), row(rule), ...lines.map(row)].join('\n');
}
