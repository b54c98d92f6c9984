import { readFileSync } from 'node:fs';
import { type Client, type Fault, type ProfileName, sha256 } from '@tessera/resource-model';
import { type ConfigurationText, parseConfigurationText } from '../../configuration/located-faults.js';
import { StsFileReader } from '../../configuration/sts-file.js';
import { CliFault } from '../cli-fault.js';
import { exitCodes } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { newSecret } from './rotated-secret.js';

/** What the command line says about a new client; its lists may hold several values in one text, separated by spaces. */
export interface AskedOptions {
  readonly from?: string;
  readonly name?: string;
  readonly grant?: readonly string[];
  readonly scope?: readonly string[];
  readonly redirectUri?: readonly string[];
  readonly postLogoutRedirectUri?: readonly string[];
  readonly public?: true;
}

/** A client that somebody wants, in which there may be faults. */
export interface AskedClient {
  readonly client: Client;
  /** Made here, where it needs one and the file gives none. */
  readonly secret?: string;
  readonly text?: ConfigurationText;
  /** Properties that were given on the command line: what is wrong with them has no place in the file. */
  readonly given: readonly string[];
  /** What has the wrong shape. Paths begin with `clients[0]`, as all those of the client. */
  readonly shape: readonly Fault[];
}

type Entry = Readonly<Record<string, unknown>>;

/** Puts together what the command line and the file of `--from` say, by the rules of the configuration file. @throws CliFault */
export async function askedClient(
  id: string,
  options: AskedOptions,
  terminal: Terminal,
  profile: ProfileName | undefined,
): Promise<AskedClient> {
  const text = options.from === undefined ? undefined : parseConfigurationText(await readFrom(options.from, terminal));
  const given = propertiesOf(options);
  const described = text ? text.content : {};
  const isObject = typeof described === 'object' && described !== null && !Array.isArray(described);
  const entry = isObject ? { ...described, ...given, clientId: ownId(id, described, options.from) } : described;
  const secret = isObject && needsSecret(entry as Entry) ? newSecret() : undefined;
  const reader = new StsFileReader(terminal.variables);
  const whole = secret === undefined ? entry : { ...(entry as Entry), clientSecrets: [{ sha256: sha256(secret) }] };
  const [client] = reader.read({ profile, clients: [whole] }).clients;
  return { client: client!, secret, text, given: [...Object.keys(given), 'clientId'], shape: reader.faults };
}

async function readFrom(from: string, terminal: Terminal): Promise<string> {
  if (from === '-') return terminal.readInput('the client');
  try {
    return readFileSync(from, 'utf8');
  } catch (error) {
    throw new CliFault(`${from} cannot be read: ${(error as Error).message}.`, undefined, { cause: error });
  }
}

function propertiesOf({ name, grant, scope, redirectUri, postLogoutRedirectUri, ...options }: AskedOptions): Entry {
  const lists = {
    allowedGrantTypes: grant,
    allowedScopes: scope,
    redirectUris: redirectUri,
    postLogoutRedirectUris: postLogoutRedirectUri,
  };
  return {
    ...(name !== undefined && { clientName: name }),
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([key, values]) => (values ? [[key, values.flatMap(words)]] : [])),
    ),
    ...(options.public && { requireClientSecret: false }),
  };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function ownId(id: string, described: object, from: string | undefined): string {
  const { clientId = id } = described as { readonly clientId?: unknown };
  if (clientId === id || clientId === null) return id;
  throw new CliFault(`${from} describes client ${JSON.stringify(clientId)}, not ${id}: name one.`, exitCodes.usage);
}

/** RFC 6749 §2.1: a confidential client proves itself, and has one where it has nothing else for that. */
function needsSecret(entry: Entry): boolean {
  const isGiven = (key: keyof Client) => (entry[key] ?? undefined) !== undefined;
  if (entry.requireClientSecret === false || isGiven('clientSecrets')) return false;
  const { tokenEndpointAuthMethod: method } = entry;
  if (isGiven('tokenEndpointAuthMethod')) return method === 'client_secret_basic' || method === 'client_secret_post';
  return !isGiven('jwks') && !isGiven('jwksUri') && !isGiven('assertionSecret');
}
