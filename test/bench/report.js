// What a run found, as Markdown tables.
import { contenders, servers, storeServers } from './servers.js';
import { geometricMean } from './statistics.js';
import { cpuRatio, mediansByServer, notes, processTable, rate, ratio, table, times, whole } from './table.js';

/** Medians over the rounds: one object for each row, with what each server did. */
export function summarize(rows, samples) {
  return rows.map(({ name, title, floors }) => ({
    name,
    title,
    floors,
    servers: mediansByServer(samples, name, Object.keys(servers)),
  }));
}

export function report(summary, processes) {
  return [rowTable(summary), storeTable(summary), floorTable(summary), processTable(processes, servers), notes(summary)]
    .filter(Boolean)
    .join('\n\n');
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
