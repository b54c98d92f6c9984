import { Inject, Injectable } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { type TokenEndpointAuthMethod, Scopes } from '@tessera/protocol';
import { type Client, ClientStore, type ResourceCatalogue, ResourceStore } from '@tessera/resource-model';
import { endpointPaths } from '../../http/endpoint-paths.js';
import { publish, type PublishedDocument } from '../../http/published-document.js';
import { type EndpointName, TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';

const withSecret = ['client_secret_basic', 'client_secret_post'] as const;

/** Says what this server, as it is configured, really does, and nothing that it would refuse. */
@Injectable()
export class DiscoveryDocument {
  private known: { readonly catalogue: ResourceCatalogue; readonly document: PublishedDocument } | undefined;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly grants: GrantRegistry,
    private readonly resources: ResourceStore,
    private readonly clients: ClientStore,
  ) {}

  /** Made at the first request, and anew when the resources have changed. */
  async current(): Promise<PublishedDocument> {
    const catalogue = await this.resources.catalogue();
    if (this.known?.catalogue !== catalogue) {
      const clients = (await this.clients.list()).filter(({ enabled }) => enabled);
      this.known = { catalogue, document: publish(this.metadata(catalogue, clients)) };
    }
    return this.known.document;
  }

  /** OpenID Connect Discovery §3, RFC 8414 §2. What is undefined is left out. */
  private metadata(catalogue: ResourceCatalogue, clients: readonly Client[]): object {
    const { issuer, signingAlgorithms } = this.options;
    const methods = authMethods(clients);
    return {
      issuer,
      jwks_uri: this.url('jwks'),
      token_endpoint: this.url('token'),
      userinfo_endpoint: this.url('userinfo'),
      introspection_endpoint: this.url('introspection'),
      revocation_endpoint: this.url('revocation'),
      scopes_supported: scopesOf(catalogue, clients),
      claims_supported: claimsOf(catalogue),
      grant_types_supported: this.options.endpoints.token ? this.grants.types : [],
      // Required by both specifications; there is no authorization endpoint, so there is none.
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: signingAlgorithms,
      token_endpoint_auth_methods_supported: methods,
      // Its default is true (OpenID Connect Discovery §3).
      request_uri_parameter_supported: false,
      introspection_endpoint_auth_methods_supported: this.if('introspection', callerMethods(catalogue, methods)),
      revocation_endpoint_auth_methods_supported: this.if('revocation', methods),
    };
  }

  private url(endpoint: EndpointName): string | undefined {
    return this.if(endpoint, `${this.options.issuer.replace(/\/$/, '')}/${endpointPaths[endpoint]}`);
  }

  private if<T>(endpoint: EndpointName, value: T): T | undefined {
    return this.options.endpoints[endpoint] ? value : undefined;
  }
}

/** The methods that some client can use; a server without clients says what it could do. */
function authMethods(clients: readonly Client[]): TokenEndpointAuthMethod[] {
  const usable = clients.flatMap(({ requireClientSecret, tokenEndpointAuthMethod: only }) =>
    only ? [only] : requireClientSecret ? withSecret : ([...withSecret, 'none'] as const),
  );
  return clients.length === 0
    ? [...withSecret]
    : ([...withSecret, 'none'] as const).filter((one) => usable.includes(one));
}

/** Those who may ask about tokens prove who they are: APIs in either way, clients as they do elsewhere. */
function callerMethods({ apiResources }: ResourceCatalogue, methods: readonly TokenEndpointAuthMethod[]) {
  const isForApis = [...apiResources.values()].some(({ apiSecrets }) => apiSecrets.length > 0);
  return isForApis ? withSecret : methods.filter((method) => method !== 'none');
}

function scopesOf({ identityResources, apiScopes }: ResourceCatalogue, clients: readonly Client[]): string[] {
  const shown = [...identityResources.values(), ...apiScopes.values()].filter((scope) => scope.showInDiscoveryDocument);
  const offline = clients.some(({ allowOfflineAccess }) => allowOfflineAccess) ? [Scopes.offlineAccess] : [];
  return [...shown.map(({ name }) => name), ...offline];
}

function claimsOf({ identityResources }: ResourceCatalogue): string[] {
  const shown = [...identityResources.values()].filter((resource) => resource.showInDiscoveryDocument);
  return [...new Set(shown.flatMap(({ userClaims }) => userClaims))];
}
