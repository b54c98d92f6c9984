import { checkConfiguration, type Fault, type User } from '@tessera/resource-model';

const nothing = { clients: [], apiResources: [], apiScopes: [], identityResources: [], authorizationDetailTypes: [] };

/** Half of a character: none that a database could keep. */
const half = /\p{Cs}/u;

/** What is wrong with a person by the rules of the model, the same as in the configuration file. Paths are properties: `username`, `claims.email`. */
export function personFaults(user: User): Fault[] {
  const { faults } = checkConfiguration({ ...nothing, users: [user] }, []);
  const found = faults.map((fault) => ({ ...fault, path: fault.path.replace(/^users\[0\]\.?/, '') }));
  return found.length > 0 ? found : usernameFaults(user);
}

function usernameFaults({ username }: User): Fault[] {
  if (username.trim() !== '' && !half.test(username)) return [];
  return [{ path: 'username', value: username, problem: 'must have a visible character, and no half of one' }];
}
