import type { ConfigurationEditor, ConfigurationPlanner } from '@tessera/typeorm-store';
import { CliFault } from './cli-fault.js';
import { type OpenedStores, withStores } from './opened-stores.js';
import type { Terminal } from './terminal.js';

/** The configuration in the database, one thing at a time or all of it. */
export interface OpenedConfiguration {
  readonly editor: ConfigurationEditor;
  readonly planner: ConfigurationPlanner;
  /** What is issued, beside it. */
  readonly stores: OpenedStores;
}

/**
 * Does something with the clients, resources and people in the database that the variables name.
 * @throws CliFault where it cannot be used, or refuses what was asked: what a configuration file declares is changed there
 */
export async function withConfiguration<T>(
  variables: Terminal['variables'],
  act: (configuration: OpenedConfiguration) => Promise<T>,
): Promise<T> {
  const [{ ConfigurationEditError, ConfigurationEditor, ConfigurationPlanner, EncryptionError }, model] =
    await Promise.all([import('@tessera/typeorm-store'), import('@tessera/resource-model')]);
  const refusals = [ConfigurationEditError, EncryptionError, model.StoreUnavailableError];
  return withStores(variables, (stores) =>
    act({ editor: stores.get(ConfigurationEditor), planner: stores.get(ConfigurationPlanner), stores }),
  ).catch((error: Error) => {
    if (!refusals.some((refusal) => error instanceof refusal)) throw error;
    throw new CliFault(error.message, undefined, { cause: error });
  });
}

interface Paged<T> {
  page(after: string, limit: number): Promise<readonly Entry<T>[]>;
}

interface Entry<T> {
  readonly item: T;
  readonly isOfFile: boolean;
}

const pageSize = 500;

/** All of one kind, read page by page, in the order of their keys. */
export async function* entriesOf<T>(items: Paged<T>, keyOf: (item: T) => string): AsyncGenerator<Entry<T>> {
  for (let page = await items.page('', pageSize); page.length > 0;) {
    yield* page;
    page = await items.page(keyOf(page.at(-1)!.item), pageSize);
  }
}
