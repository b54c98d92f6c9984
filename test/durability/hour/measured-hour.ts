import { setTimeout as delay } from 'node:timers/promises';
import { requestsTo } from '../../requests.js';
import type { Journal } from '../journal.js';
import { serviceAt } from '../service.js';
import { Chain } from './chain.js';
import { Hour } from './hour.js';
import type { Swept } from './hour-messages.js';
import { HourServer } from './hour-server.js';
import { type KeptSize, SizeGauge } from './kept-size.js';
import { type EndingTable, rowLifetimes } from './lifetimes.js';
import { Machine } from './machine.js';
import { Unfinished } from './unfinished.js';
import { Visitor } from './visitor.js';

/** What was measured at the end of a minute: the rows before its clean-up, the rest after it. */
export interface Minute extends Partial<KeptSize> {
  /** Seconds of the hour. */
  readonly at: number;
  /** Seconds since the load began, by the wall. */
  readonly wall: number;
  readonly swept: Swept;
}

/** What a connection does, again and again. */
interface Conversation {
  proceed(): Promise<void>;
}

/** What the minutes are kept with. */
interface Clerk {
  readonly server: HourServer;
  readonly gauge: SizeGauge | undefined;
  readonly connections: number;
  readonly tell: (minute: Minute) => void;
}

/** In tables that nothing is added to by this load: configuration, keys, known browsers. */
const mostOtherRows = 50;
/** As many naps as there are minutes in the hour, at the rate that is expected of a quiet machine. */
const expectedRate = 1500;

/** Drives so many tokens out of a server, which takes them for an hour; cleans up and measures each minute. */
export async function measureHour(
  tokens: number,
  journal: Journal,
  url: string | undefined,
  tell: (minute: Minute) => void,
): Promise<Minute[]> {
  const server = await HourServer.start(url);
  const gauge = url === undefined ? undefined : await SizeGauge.open(url);
  try {
    await gauge?.hurryVacuum(Math.max(1, Math.round(tokens / expectedRate / 60)));
    const hour = new Hour(journal, tokens, (seconds) => server.advance(seconds));
    const connections = connectionsTo(server, hour);
    const load = Promise.all(connections.map((turns) => carryOn(turns, hour)));
    const minutes = await keepMinutes(hour, { server, gauge, connections: connections.length, tell }).finally(() =>
      hour.giveUp(),
    );
    await load;
    if (server.faults !== '') journal.violation('The server logged faults', server.faults);
    return minutes;
  } finally {
    await gauge?.close();
    await server.stop();
  }
}

function connectionsTo(server: HourServer, hour: Hour): Conversation[][] {
  const requests = requestsTo(server.url, globalThis.fetch);
  const service = serviceAt(() => server.url, hour.journal);
  const machines = Array.from({ length: 6 }, () => [new Machine(requests, hour)]);
  const chains = Array.from({ length: 6 }, (_, index) => [
    new Chain(requests, hour, index % 2 === 0 ? 'jwt_chain' : 'reference_chain'),
  ]);
  const visitors = Array.from({ length: 3 }, () => {
    const visitor = new Visitor(service, hour);
    return [...Array<Conversation>(9).fill(visitor), new Unfinished(service, hour)];
  });
  return [...machines, ...chains, ...visitors];
}

async function carryOn(turns: readonly Conversation[], hour: Hour): Promise<void> {
  try {
    for (let turn = 0; !hour.isOver; turn++) await turns[turn % turns.length]!.proceed();
  } catch (error) {
    hour.journal.violation('A request failed', { error: String(error), cause: String((error as Error).cause) });
    hour.giveUp();
  }
}

async function keepMinutes(hour: Hour, { server, gauge, connections, tell }: Clerk): Promise<Minute[]> {
  const minutes: Minute[] = [];
  const began = Date.now();
  for (let end = 60; ; end = (Math.floor(hour.now / 60) + 1) * 60) {
    while (hour.now < end && !hour.isOver) await delay(5);
    const rows = await gauge?.rows();
    if (rows) checkRows(rows, hour, minutes.at(-1)?.swept.from ?? 0, connections);
    const swept = await server.sweep();
    const minute = { at: hour.now, wall: (Date.now() - began) / 1000, swept, rows, ...(await gauge?.room()) };
    minutes.push(minute);
    tell(minute);
    if (hour.isOver) return minutes;
  }
}

/** No more rows than what can be alive, and what has ended since the last clean-up. The answers of some may still be on their way. */
function checkRows(rows: ReadonlyMap<string, number>, hour: Hour, sweptFrom: number, underWay: number): void {
  for (const [table, count] of rows) {
    const lifetime = (rowLifetimes as Readonly<Record<string, number>>)[table];
    const most =
      lifetime === undefined ? mostOtherRows : hour.addedSince(table as EndingTable, sweptFrom - lifetime) + underWay;
    if (count > most) hour.journal.violation('More rows than can be alive', { table, count, most, at: hour.now });
  }
}
