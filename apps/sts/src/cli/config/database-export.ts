import { entriesOf, type OpenedConfiguration } from '../opened-configuration.js';
import { inFileWords } from './file-words.js';

/** What is in the database, in the words of the configuration file; with `undeclared` only what no file declares. */
export async function exportDatabase({ editor }: OpenedConfiguration, undeclared: boolean) {
  const collect = async <T>(items: Parameters<typeof entriesOf<T>>[0], keyOf: (item: T) => string, say: Say<T>) => {
    const words: unknown[] = [];
    for await (const { item, isOfFile } of entriesOf(items, keyOf)) {
      if (!undeclared || !isOfFile) words.push(say(item));
    }
    return words;
  };
  const nameOf = ({ name }: { readonly name: string }) => name;
  return {
    identityResources: await collect(editor.identityResources, nameOf, inFileWords.identityResources),
    apiScopes: await collect(editor.apiScopes, nameOf, inFileWords.apiScopes),
    apiResources: await collect(editor.apiResources, nameOf, inFileWords.apiResources),
    authorizationDetailTypes: await collect(
      editor.authorizationDetailTypes,
      ({ type }) => type,
      inFileWords.authorizationDetailTypes,
    ),
    clients: await collect(editor.clients, ({ clientId }) => clientId, inFileWords.clients),
    users: await collect(editor.users, ({ subject }) => subject, inFileWords.users),
  };
}

type Say<T> = (item: T) => unknown;
