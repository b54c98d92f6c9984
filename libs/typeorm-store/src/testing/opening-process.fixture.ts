// A server among several that start at once on one database, as far as its schema goes: a process of its own.
import { setTimeout as delay } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import { createDataSource } from '../connection/create-data-source.js';
import { readDatabaseUrl } from '../connection/database-url.js';
import { openConnection } from '../connection/open-connection.js';

const silent: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** It is told when to open which database, and says what went wrong, or nothing. */
process.on('message', ({ url, start }: { readonly url: string; readonly start: number }) => {
  void open(url, start).then((fault) => process.send!(fault));
});
process.send!('ready');

async function open(url: string, start: number): Promise<string> {
  await delay(Math.max(0, start - Date.now()));
  const dataSource = createDataSource(readDatabaseUrl(url), { poolSize: 2 });
  return openConnection(dataSource, { migrate: true, patience: 10 }, silent)
    .then((opened) => opened.destroy())
    .then(() => '', String);
}
