import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a fake issuer can be asked for. */
export type IssuerEndpoint = 'metadata' | 'jwks' | 'token' | 'introspection' | 'revocation';

const endpoints: Readonly<Record<string, IssuerEndpoint>> = {
  '/.well-known/openid-configuration': 'metadata',
  '/.well-known/oauth-authorization-server': 'metadata',
  '/jwks': 'jwks',
  '/token': 'token',
  '/introspect': 'introspection',
  '/revoke': 'revocation',
};

export function endpointAt(path: string): IssuerEndpoint | undefined {
  return Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
}

/** The metadata of a fake issuer (RFC 8414 §2, OpenID Connect Discovery §3). */
export function describeIssuer(issuer: string, algorithms: readonly string[]): Record<string, unknown> {
  const methods = ['client_secret_basic', 'client_secret_post'];
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    token_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    grant_types_supported: ['client_credentials'],
    response_types_supported: ['none'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
  };
}

/** A form and the client that sent it: any secret is right, but there must be one. */
export interface ClientForm {
  readonly form: URLSearchParams;
  readonly clientId: string;
}

/** Undefined where it does not say which client sent it (RFC 6749 §2.3.1). */
export async function readClientForm(request: IncomingMessage): Promise<ClientForm | undefined> {
  const form = new URLSearchParams(await text(request));
  const [clientId, secret] = basicCredentials(request.headers.authorization) ?? [
    form.get('client_id'),
    form.get('client_secret'),
  ];
  return clientId && secret ? { form, clientId } : undefined;
}

function basicCredentials(header: string | undefined): string[] | undefined {
  const encoded = /^basic +(\S+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [name = '', ...secret] = Buffer.from(encoded, 'base64').toString().split(':');
  return [name, secret.join(':')].map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
