import { FlowTypes, GrantTypes } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';

/** What `response_type` asks for (OAuth 2.0 Multiple Response Type Encoding Practices §3 and §5). */
export interface ResponseType {
  readonly code: boolean;
  readonly idToken: boolean;
  readonly token: boolean;
}

interface KnownType {
  /** As discovery lists it: the parts in alphabetical order. */
  readonly name: string;
  /** What a client lists in `allowedGrantTypes` to use it. */
  readonly flow: string;
  readonly parts: ResponseType;
}

/** Every response type, and the flow it belongs to (OpenID Connect Core §3; OAuth 2.0 Multiple Response Types §5). */
const known: readonly KnownType[] = [
  type('code', GrantTypes.authorizationCode),
  type('id_token', FlowTypes.implicit),
  type('token', FlowTypes.implicit),
  type('id_token token', FlowTypes.implicit),
  type('code id_token', FlowTypes.hybrid),
  type('code token', FlowTypes.hybrid),
  type('code id_token token', FlowTypes.hybrid),
];

function type(name: string, flow: string): KnownType {
  const parts = name.split(' ');
  const has = (part: string) => parts.includes(part);
  return { name, flow, parts: { code: has('code'), idToken: has('id_token'), token: has('token') } };
}

/** The order of the parts means nothing (OAuth 2.0 Multiple Response Types §3). */
export function findResponseType(text: string): KnownType | undefined {
  const name = text.split(' ').filter(Boolean).sort().join(' ');
  return known.find((candidate) => candidate.name === name);
}

/** Whether the client may use it: its flow is listed, and an access token passes through a browser, where nothing can bind it, only where that is allowed. */
export function mayUse(client: Client, { flow, parts }: KnownType): boolean {
  const isBound = client.requireDpop || client.tlsClientCertificateBoundAccessTokens;
  const mayHaveUnbound = client.allowAccessTokensViaBrowser && !isBound;
  return client.allowedGrantTypes.includes(flow) && (!parts.token || mayHaveUnbound);
}

/** What some client can use, for discovery. */
export function usableResponseTypes(clients: readonly Client[]): string[] {
  return known.filter((one) => clients.some((client) => mayUse(client, one))).map(({ name }) => name);
}
