import { isDeepStrictEqual } from 'node:util';
import {
  ApiResource,
  ApiScope,
  AuthorizationDetailType,
  Client,
  IdentityResource,
  type Secret,
  User,
} from '@tessera/resource-model';
import { readyMade } from '../../configuration/file-items.js';
import { withheld } from './exported-settings.js';

/** As a configuration file has it. Where a secret, a salt or a hash belongs, it says that it was withheld. */
type FileEntry = Readonly<Record<string, unknown>>;

/** The items of a model in the words of the configuration file, of which only those count that differ from a default. */
export const inFileWords = {
  identityResources: (item: IdentityResource): FileEntry | string => {
    const own = readyMade[item.name]?.();
    return own && isDeepStrictEqual(own, item) ? item.name : differing(item, new IdentityResource('', []));
  },
  apiScopes: (item: ApiScope): FileEntry => differing(item, new ApiScope('')),
  apiResources: (item: ApiResource): FileEntry =>
    withSecrets('apiSecrets', item.apiSecrets, differing(item, new ApiResource(item.name), ['name'])),
  authorizationDetailTypes: (item: AuthorizationDetailType): FileEntry => differing(item, blankDetailType, ['schema']),
  clients: (item: Client): FileEntry => clientWords(item, differing(item, blankClient)),
  users: (item: User): FileEntry => {
    const entry = differing(item, new User({ subject: '', username: '' }));
    return item.passwordHash === undefined ? entry : { ...entry, passwordHash: withheld };
  },
} as const;

/** A client with all that it has, defaults too. */
export function wholeClient(client: Client): FileEntry {
  return clientWords(client, differing(client, {}));
}

const blankDetailType = new AuthorizationDetailType({ type: '', schema: {} });
const blankClient = new Client({ clientId: '', allowedGrantTypes: [] });

function clientWords(client: Client, entry: FileEntry): FileEntry {
  const kept = (['pairwiseSubjectSalt', 'assertionSecret'] as const).filter((key) => client[key] !== undefined);
  const secrets = Object.fromEntries(kept.map((key) => [key, withheld]));
  return withSecrets('clientSecrets', client.clientSecrets, { ...entry, ...secrets });
}

/** The file says how a secret was hashed. */
function withSecrets(key: string, secrets: readonly Secret[], entry: FileEntry): FileEntry {
  if (!(key in entry)) return entry;
  const words = secrets.map(({ value, description, expiration }) => ({
    [value.length === 44 ? 'sha256' : 'sha512']: withheld,
    ...(description !== undefined && { description }),
    ...(expiration !== undefined && { expiration }),
  }));
  return { ...entry, [key]: words };
}

/** Properties with another value than the default's, as plain data. */
function differing(item: object, blank: object, always: readonly string[] = []): FileEntry {
  const defaults = blank as Record<string, unknown>;
  const entries = Object.entries(item).filter(
    ([name, value]) => value !== undefined && (always.includes(name) || !isDeepStrictEqual(value, defaults[name])),
  );
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as FileEntry;
}
