import { FlowTypes, GrantTypes } from '@tessera/protocol';
import type { Client } from '../client.js';

type At<Fault> = (property: keyof Client, value: unknown, problem: string) => Fault;

/** A client of which signed requests are asked, and that has nothing to sign them with, could send none. */
export function requestObjectContradictions<Fault>(client: Client, at: At<Fault>): Fault[] {
  const { requireRequestObject, jwks, jwksUri, allowedGrantTypes } = client;
  const sendsPeople = [GrantTypes.authorizationCode, FlowTypes.implicit, FlowTypes.hybrid].some((flow) =>
    allowedGrantTypes.includes(flow),
  );
  if (!requireRequestObject || !sendsPeople || jwks !== undefined || jwksUri !== undefined) return [];
  return [at('requireRequestObject', true, 'needs the public keys of the client: set jwks or jwksUri')];
}
