import type { Client, ClientInit, ClientPolicy, ResourceCatalogue } from '@tessera/resource-model';
import { refusedMember } from './metadata-error.js';

/** Client metadata as it is sent (RFC 7591 §2): nothing is known of the values yet. */
export type ClientMetadata = Readonly<Record<string, unknown>>;

/** By what the members are read. */
export interface MetadataContext {
  readonly sent: ClientMetadata;
  readonly policy: ClientPolicy;
  readonly catalogue: ResourceCatalogue;
  /** Whether what is beyond the policy is left out, because it is said to other servers as well; otherwise it is refused. */
  readonly isForMany: boolean;
}

/** One member of client metadata, and what it is of a client. */
export interface MetadataMember {
  readonly name: string;
  /** What it sets, so that what is wrong there can be told under the name on the wire. */
  readonly properties: readonly (keyof Client)[];
  /** What the value means; undefined was not sent. @throws OAuthError that names the member */
  readonly read: (value: unknown, context: MetadataContext) => Partial<ClientInit>;
  /** As it is told to the client; undefined is left out. */
  readonly write: (client: Client) => unknown;
}

/** More than anybody has a use for. */
const longestText = 2048;
const longestList = 20;

export function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw refusedMember(name, 'must be text, and not empty');
  if (value.length > longestText) throw refusedMember(name, `must not be longer than ${longestText} characters`);
  return value;
}

export function listOf(name: string, value: unknown): string[] {
  if (!Array.isArray(value)) throw refusedMember(name, 'must be a list of text');
  if (value.length > longestList) throw refusedMember(name, `must not have more than ${longestList} entries`);
  return [...new Set(value.map((one) => textOf(name, one)))];
}

function flagOf(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw refusedMember(name, 'must be true or false');
  return value;
}

function numberOf(name: string, value: unknown): number {
  if (typeof value !== 'number') throw refusedMember(name, 'must be a number');
  return value;
}

function objectOf(name: string, value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusedMember(name, 'must be an object');
  return value;
}

type Kind = (name: string, value: unknown) => unknown;

const kinds = { text: textOf, list: listOf, flag: flagOf, number: numberOf, object: objectOf } satisfies Record<
  string,
  Kind
>;

/** A member that is a property of the client as it stands; the rules of the property say what is right. */
export function same(name: string, property: keyof Client, kind: keyof typeof kinds): MetadataMember {
  return {
    name,
    properties: [property],
    read: (value) => (value === undefined ? {} : { [property]: kinds[kind](name, value) }),
    write: (client) => shown(client[property]),
  };
}

/** A member that the server only keeps and tells again. */
export function kept(name: string): MetadataMember {
  return {
    name,
    properties: [],
    read: (value, { sent }) => (value === undefined ? {} : { properties: { [name]: textOf(name, sent[name]) } }),
    write: ({ properties }) => properties[name],
  };
}

/** What says nothing is left out: an empty list, and a demand that is not made. */
function shown(value: unknown): unknown {
  return value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;
}
