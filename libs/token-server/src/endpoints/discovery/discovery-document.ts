import { Inject, Injectable, Optional } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { GrantTypes, Scopes } from '@tessera/protocol';
import { type Client, ClientStore, type ResourceCatalogue, ResourceStore } from '@tessera/resource-model';
import { usableResponseTypes } from '../../authorize/response-types.js';
import { possibleClients } from '../../clients/dynamic-clients/possible-clients.js';
import { InteractionPages } from '../../interaction/interaction-pages.js';
import { DISCOVERY_PARTS, type DiscoveryPart } from '../../http/discovery-part.js';
import { endpointUrl } from '../../http/endpoint-url.js';
import { publish, type PublishedDocument } from '../../http/published-document.js';
import { type EndpointName, TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';

/** Says what this server, as it is configured, really does, and nothing that it would refuse. */
@Injectable()
export class DiscoveryDocument {
  private known:
    | {
        readonly catalogue: ResourceCatalogue;
        readonly clients: readonly Client[];
        readonly document: PublishedDocument;
      }
    | undefined;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly grants: GrantRegistry,
    private readonly resources: ResourceStore,
    private readonly clients: ClientStore,
    @Inject(DISCOVERY_PARTS) private readonly parts: readonly DiscoveryPart[],
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  /** Made at the first request, and anew when resources or clients have changed. */
  async current(): Promise<PublishedDocument> {
    const catalogue = await this.resources.catalogue();
    const clients = await this.clients.list();
    if (this.known?.catalogue !== catalogue || this.known.clients !== clients) {
      const enabled = [...clients.filter((client) => client.enabled), ...possibleClients(this.options)];
      this.known = { catalogue, clients, document: publish(this.metadata(catalogue, enabled)) };
    }
    return this.known.document;
  }

  /** OpenID Connect Discovery §3, RFC 8414 §2. What is undefined is left out. */
  private metadata(catalogue: ResourceCatalogue, clients: readonly Client[]): object {
    const { issuer, signingAlgorithms } = this.options;
    const own = {
      issuer,
      jwks_uri: this.url('jwks'),
      ...this.forPeople(clients),
      token_endpoint: this.url('token'),
      userinfo_endpoint: this.url('userinfo'),
      device_authorization_endpoint:
        this.pages && clients.some(mayUseDevices) ? this.url('deviceAuthorization') : undefined,
      introspection_endpoint: this.url('introspection'),
      revocation_endpoint: this.url('revocation'),
      scopes_supported: scopesOf(catalogue, clients),
      claims_supported: claimsOf(catalogue),
      grant_types_supported: this.grantTypes(clients),
      subject_types_supported: subjectTypes(clients),
      id_token_signing_alg_values_supported: signingAlgorithms,
      userinfo_signing_alg_values_supported: clients.some((client) => client.userinfoSignedResponseAlg)
        ? signingAlgorithms
        : undefined,
      // Its default is true (OpenID Connect Discovery §3).
      request_uri_parameter_supported: false,
    };
    return this.withParts(own, catalogue, clients);
  }

  private withParts(own: Readonly<Record<string, unknown>>, catalogue: ResourceCatalogue, clients: readonly Client[]) {
    const hasPeople = this.pages !== undefined && this.options.endpoints.authorize;
    const url = (endpoint: EndpointName) => this.url(endpoint);
    const context = { options: this.options, catalogue, clients, hasPeople, url };
    return this.parts.reduce((said, part) => ({ ...said, ...part(context, said) }), own);
  }

  /** What browsers are sent to; nothing of it where no client sends people here. */
  private forPeople(clients: readonly Client[]): object {
    const types = this.responseTypes(clients);
    // Required by both specifications, empty as well.
    if (types.length === 0) return { response_types_supported: [] };
    const prompts = ['none', 'login', 'consent', 'select_account'];
    return {
      authorization_endpoint: this.url('authorize'),
      end_session_endpoint: this.url('endSession'),
      check_session_iframe: this.url('checkSession'),
      response_types_supported: types,
      prompt_values_supported: this.pages?.paths.createAccount === undefined ? prompts : [...prompts, 'create'],
      display_values_supported: ['page', 'popup', 'touch', 'wap'],
      claim_types_supported: ['normal'],
      claims_parameter_supported: true,
      code_challenge_methods_supported: clients.some((client) => client.allowPlainTextPkce)
        ? ['S256', 'plain']
        : ['S256'],
      authorization_response_iss_parameter_supported: true,
      frontchannel_logout_supported: this.if('endSession', true),
      frontchannel_logout_session_supported: this.if('endSession', true),
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    };
  }

  /** Those that some client may use, and those of the application's own; implicit is no grant of the token endpoint, but listed (RFC 8414 §2). */
  private grantTypes(clients: readonly Client[]): string[] {
    const types = this.options.endpoints.token ? this.grants.types.filter((type) => this.isUsable(type, clients)) : [];
    const isImplicit = this.responseTypes(clients).some((type) => type !== 'code');
    return isImplicit ? [...types, 'implicit'] : types;
  }

  /** None where there are no pages: nobody could sign in. */
  private responseTypes(clients: readonly Client[]): string[] {
    return this.pages && this.options.endpoints.authorize ? usableResponseTypes(clients) : [];
  }

  /** A grant knows by itself when it is of use; of one that does not say the server tells what it could do. */
  private isUsable(type: string, clients: readonly Client[]): boolean {
    const grant = this.grants.find(type);
    if (!grant?.isOffered) return grant !== undefined;
    const mayUse = clients.filter((client) => this.grants.isAllowed(grant, client));
    const canAskPeople =
      this.pages?.paths.backchannel !== undefined && this.options.endpoints.backchannelAuthentication;
    return grant.isOffered({ clients: mayUse, hasPages: this.pages !== undefined, canAskPeople });
  }

  private url(endpoint: EndpointName): string | undefined {
    return this.if(endpoint, endpointUrl(this.options.issuer, endpoint));
  }

  private if<T>(endpoint: EndpointName, value: T): T | undefined {
    return this.options.endpoints[endpoint] ? value : undefined;
  }
}

function mayUseDevices({ allowedGrantTypes }: Client): boolean {
  return allowedGrantTypes.includes(GrantTypes.deviceCode);
}

function subjectTypes(clients: readonly Client[]): string[] {
  const isUsed = (type: Client['subjectType']) => clients.some(({ subjectType }) => subjectType === type);
  return (['public', 'pairwise'] as const).filter((type) => type === 'public' || isUsed(type));
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
