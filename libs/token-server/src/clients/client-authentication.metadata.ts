import {
  secretAlgorithms,
  signingAlgorithms,
  type TokenEndpointAuthMethod,
  tokenEndpointAuthMethods,
} from '@tessera/protocol';
import { type Client, mayAuthenticateBy, type ResourceCatalogue } from '@tessera/resource-model';
import type { DiscoveryPart } from '../http/discovery-part.js';

/** How clients, and those who ask about tokens, authenticate (RFC 8414 §2): the ways that some client can use. */
export const clientAuthenticationMetadata: DiscoveryPart = ({ catalogue, clients, url }) => {
  const methods = methodsOf(clients);
  const callers = callerMethods(catalogue, methods);
  return {
    ...members('token', methods, clients),
    ...(url('introspection') && members('introspection', callers, clients)),
    ...(url('revocation') && members('revocation', methods, clients)),
  };
};

const withSecret: readonly TokenEndpointAuthMethod[] = ['client_secret_basic', 'client_secret_post'];

/** A server without clients says what it could do for one with a secret. */
function methodsOf(clients: readonly Client[]): readonly TokenEndpointAuthMethod[] {
  if (clients.length === 0) return withSecret;
  return tokenEndpointAuthMethods.filter((method) => clients.some((client) => mayAuthenticateBy(client, method)));
}

/** Those who may ask about tokens prove who they are: APIs by a secret in either way, clients as they do elsewhere. */
function callerMethods({ apiResources }: ResourceCatalogue, methods: readonly TokenEndpointAuthMethod[]) {
  const isForApis = [...apiResources.values()].some(({ apiSecrets }) => apiSecrets.length > 0);
  return tokenEndpointAuthMethods.filter(
    (method) => method !== 'none' && (methods.includes(method) || (isForApis && withSecret.includes(method))),
  );
}

function members(endpoint: string, methods: readonly TokenEndpointAuthMethod[], clients: readonly Client[]) {
  const algorithms = algorithmsOf(methods, clients);
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: algorithms.length > 0 ? algorithms : undefined,
  };
}

/** The algorithms of each way that is by assertion. */
const algorithmsBy = [
  ['private_key_jwt', signingAlgorithms],
  ['client_secret_jwt', secretAlgorithms],
] as const;

/** RFC 8414 §2: to be told where one of the methods is by assertion. */
function algorithmsOf(methods: readonly TokenEndpointAuthMethod[], clients: readonly Client[]): string[] {
  return algorithmsBy.flatMap(([method, algorithms]) => {
    const users = methods.includes(method) ? clients.filter((client) => mayAuthenticateBy(client, method)) : [];
    const isUsed = (algorithm: string) =>
      users.some(({ tokenEndpointAuthSigningAlg: only }) => only === undefined || only === algorithm);
    return algorithms.filter(isUsed);
  });
}
