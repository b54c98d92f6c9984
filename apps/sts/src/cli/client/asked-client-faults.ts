import {
  checkConfiguration,
  type Configuration,
  type Fault,
  grantFaults,
  keyRuleFaults,
} from '@tessera/resource-model';
import { builtInGrantTypes, mtlsFaults, resolveOptions } from '@tessera/token-server';
import { describeFaults, type LocatedFault, locateFaults } from '../../configuration/located-faults.js';
import { demoSecrets } from '../../configuration/production-rules.js';
import { isWithin, type Settings } from '../../configuration/settings.js';
import { entriesOf, type OpenedConfiguration } from '../opened-configuration.js';
import type { AskedClient } from './asked-client.js';

/** As the check of the file has it, where the client is the only one. */
const place = 'clients[0]';

/** What is wrong with a client, and what is only dangerous. */
export interface AskedFindings {
  readonly faults: readonly LocatedFault[];
  /** The faults in lines for people. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/** Checks a client as the configuration file is checked, against what is in the database and the rules of the server. */
export async function checkAsked(
  asked: AskedClient,
  file: string,
  settings: Settings,
  opened: OpenedConfiguration,
): Promise<AskedFindings> {
  // Of what cannot be read nothing else is told.
  if (asked.text && asked.text.faults.length > 0) return { ...located(asked.text.faults, asked, file), warnings: [] };
  const { resolved } = resolveOptions(settings.options);
  const configuration = await around(asked, opened);
  const model = checkConfiguration(configuration, resolved.signingAlgorithms, resolved.dpop.algorithms);
  const ofClient = model.faults.filter(({ path }) => path.startsWith(place));
  const further = [
    ...ofClient,
    ...(ofClient.length === 0 ? grantFaults(configuration, builtInGrantTypes) : []),
    ...keyRuleFaults(resolved.keys, configuration.clients),
    ...mtlsFaults({ mtls: resolved.mtls, configuration }),
    ...(settings.environment.production ? demoSecrets({ clients: [asked.client], apiResources: [], users: [] }) : []),
  ].filter((fault) => !asked.shape.some(({ path }) => isWithin(fault.path, path)));
  const warnings = model.warnings.filter(({ path }) => path.startsWith(place) || path.startsWith('users[0]'));
  const { faults, lines } = located([...asked.shape, ...further].map(withoutPlace), asked, file);
  return { faults, lines, warnings: describeFaults(locateFaults(warnings.map(withoutPlace), undefined), file) };
}

/** The client among the resources of the database, and the person who may have its id for a subject. */
async function around({ client }: AskedClient, { editor }: OpenedConfiguration): Promise<Configuration> {
  const allBy = async <T>(items: Parameters<typeof entriesOf<T>>[0], keyOf: (item: T) => string) => {
    const found: T[] = [];
    for await (const { item } of entriesOf(items, keyOf)) found.push(item);
    return found;
  };
  const all = <T extends { readonly name: string }>(items: Parameters<typeof entriesOf<T>>[0]) =>
    allBy(items, ({ name }) => name);
  const person = typeof client.clientId === 'string' ? await editor.users.find(client.clientId) : undefined;
  return {
    clients: [client],
    apiResources: await all(editor.apiResources),
    apiScopes: await all(editor.apiScopes),
    identityResources: await all(editor.identityResources),
    authorizationDetailTypes: await allBy(editor.authorizationDetailTypes, ({ type }) => type),
    users: person ? [person.item] : [],
  };
}

function withoutPlace(fault: Fault): Fault {
  return fault.path.startsWith(place) ? { ...fault, path: fault.path.slice(place.length).replace(/^\./, '') } : fault;
}

function located(faults: readonly Fault[], { text, given }: AskedClient, file: string) {
  const isOfFile = ({ path }: Fault) => text !== undefined && !given.includes(/^\w*/.exec(path)![0]);
  const all = [
    ...locateFaults(
      faults.filter((fault) => !isOfFile(fault)),
      undefined,
    ),
    ...locateFaults(faults.filter(isOfFile), text),
  ].map((fault) => (fault.path === 'the file' && text === undefined ? { ...fault, path: 'the client' } : fault));
  return { faults: all, lines: describeFaults(all, file) };
}
