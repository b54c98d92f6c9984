import { type Client, SystemClock } from '@tessera/resource-model';
import { PersonAccess } from '@tessera/token-server';
import { ConfigurationEditor } from '@tessera/typeorm-store';
import type { OpenedStores } from '../opened-stores.js';

/** Ends all sessions of a person and takes back what any client has. Gives how many sessions there were. */
export function endAccess(subject: string, stores: OpenedStores): Promise<number> {
  return PersonAccess.of(stores, new SystemClock()).end(subject, clientsOf(stores));
}

/** All of them: one that has no token yet may have a code that was not redeemed, or a device. */
async function* clientsOf(stores: OpenedStores): AsyncGenerator<Client> {
  const { clients } = stores.get(ConfigurationEditor);
  for (let after = ''; ;) {
    const page = await clients.page(after);
    yield* page.map(({ item }) => item);
    if (page.length === 0) return;
    after = page.at(-1)!.item.clientId;
  }
}
