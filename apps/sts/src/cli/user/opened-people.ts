import type { User } from '@tessera/resource-model';
import { ConfigurationEditError, ConfigurationEditor, type ConfiguredEntry } from '@tessera/typeorm-store';
import { StoreUnavailableError } from '@tessera/resource-model';
import { CliFault } from '../cli-fault.js';
import { type OpenedStores, withStores } from '../opened-stores.js';
import type { Terminal } from '../terminal.js';

/** The people in the database. */
export type People = ConfigurationEditor['users'];

/** Does something with the people in the database that the variables name. @throws CliFault with the reason of a refusal */
export function withPeople<T>(
  variables: Terminal['variables'],
  act: (people: People, stores: OpenedStores) => Promise<T>,
): Promise<T> {
  return withStores(variables, (stores) => act(stores.get(ConfigurationEditor).users, stores).catch(refuse));
}

/** The person of that subject, or else of that user name. @throws CliFault where there is none, or where it is two people */
export async function personNamed(who: string, people: People): Promise<ConfiguredEntry<User>> {
  const [bySubject, byUsername] = [await people.find(who), await people.findByUsername(who)];
  const found = bySubject ?? byUsername;
  if (!found) throw new CliFault(`There is nobody with the subject or the user name ${JSON.stringify(who)}.`);
  if (byUsername && byUsername.item.subject !== found.item.subject) {
    throw new CliFault(
      `${JSON.stringify(who)} is the subject of one person, whose user name is ${JSON.stringify(found.item.username)}, and the user name of another, ` +
        `whose subject is ${JSON.stringify(byUsername.item.subject)}: say it in the other way.`,
    );
  }
  return found;
}

function refuse(error: unknown): never {
  if (!(error instanceof ConfigurationEditError) && !(error instanceof StoreUnavailableError)) throw error;
  throw new CliFault(error.message, undefined, { cause: error });
}
