import { types } from 'node:util';
import { AuthorizationResponseError } from 'openid-client';
import { describeNetworkFault, networkCode } from '../http/network-fault.js';
import { printable } from '../output/printable.js';
import type { Exchange } from './exchange-log.js';

/** What a client can do about an error of OAuth. */
const remedies: Readonly<Record<string, string>> = {
  invalid_client: 'Are --client-id and the secret right, and may the client send it this way (--client-auth)?',
  unauthorized_client: 'The client may not use this grant: see allowedGrantTypes in its configuration.',
  unsupported_grant_type: 'The server has no such grant: see grant_types_supported in discovery.',
  invalid_scope: 'See allowedScopes of the client, and --scope.',
  invalid_target: 'See the names of the API resources, and --resource.',
  invalid_grant: 'What was presented is wrong, used up or has expired.',
  access_denied: 'The person, or a rule, said no.',
  expired_token: 'Nobody entered the code in time: begin again.',
};

/** Why there are no tokens. */
export interface Refusal {
  /** Of OAuth, or of the network. */
  readonly error: string;
  readonly description: string;
  readonly remedy?: string;
}

/** The server's own words where it gave any; else what the client library found. */
export function describeRefusal(error: unknown, exchanges: readonly Exchange[]): Refusal {
  if (error instanceof AuthorizationResponseError) return refusedWith(error.error, error.error_description);
  const { status, body } = exchanges.at(-1) ?? {};
  if (status !== undefined && status >= 400) {
    const { error: code, error_description } = (body ?? {}) as Record<string, unknown>;
    return refusedWith(code ?? `status ${status}`, error_description);
  }
  const network = networkCode(error);
  if (network !== undefined) return { error: network, description: describeNetworkFault(error) };
  // Whatever else openid-client finds wrong: with the answer, the id_token, the server's documents.
  const { code, message, cause } = error as Error & { code?: string };
  const why = types.isNativeError(cause) ? `${message}: ${cause.message}` : message;
  return { error: code ?? 'unexpected_answer', description: why };
}

function refusedWith(code: unknown, description: unknown): Refusal {
  const error = printable(String(code));
  const says = typeof description === 'string' ? printable(description) : '(no description)';
  return { error, description: says, remedy: remedies[error] };
}
