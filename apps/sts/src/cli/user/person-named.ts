import type { User } from '@tessera/resource-model';
import type { ConfigurationEditor, ConfiguredEntry } from '@tessera/typeorm-store';
import { CliFault } from '../cli-fault.js';

/** The people in the database. */
export type People = ConfigurationEditor['users'];

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
