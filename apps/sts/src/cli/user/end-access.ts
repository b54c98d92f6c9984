import { SystemClock } from '@tessera/resource-model';
import { PersonAccess } from '@tessera/token-server';
import { unconfiguredClients } from './unconfigured-clients.js';
import { entriesOf, type OpenedConfiguration } from '../opened-configuration.js';

/** Ends all sessions of a person and takes back what any client has. Gives how many sessions there were. */
export async function endAccess(subject: string, { editor, stores }: OpenedConfiguration): Promise<number> {
  const access = PersonAccess.of(stores, new SystemClock());
  const sessions = await access.endSessions(subject);
  // Of all clients: one that has no token yet may have a code that was not redeemed, or a device.
  for await (const { item } of entriesOf(editor.clients, ({ clientId }) => clientId)) {
    await access.endGrants(subject, item);
  }
  for await (const client of unconfiguredClients(subject, stores)) await access.endGrants(subject, client);
  return sessions;
}
