import { Inject, Injectable } from '@nestjs/common';
import {
  checkConfiguration,
  Client,
  type ClientInit,
  type ClientPolicy,
  type ResourceCatalogue,
  ResourceStore,
} from '@tessera/resource-model';
import { mtlsFaults } from '../../possession/mtls-faults.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { memberOf, readClientMetadata } from '../client-metadata/client-metadata.js';
import { refusedMember } from '../client-metadata/metadata-error.js';
import type { ClientMetadata } from '../client-metadata/metadata-member.js';
import { SectorIdentifiers } from '../client-metadata/sector-identifiers.js';

/** What somebody says of a client, and how far that may go. */
export interface Application {
  readonly clientId: string;
  readonly sent: ClientMetadata;
  readonly policy: ClientPolicy;
  /** Whether it is said to other servers as well: what goes too far is then left out, not refused. */
  readonly isForMany: boolean;
  /** What the server keeps for the client, whatever it says: its secrets. */
  readonly own: (read: Pick<Client, 'tokenEndpointAuthMethod' | 'subjectType'>) => Partial<ClientInit>;
}

/** Makes clients of what they say of themselves: held to a policy, and then to the very rules that configured clients are held to. */
@Injectable()
export class DynamicClients {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly resources: ResourceStore,
    private readonly sectors: SectorIdentifiers,
  ) {}

  /** @throws OAuthError `invalid_client_metadata` or `invalid_redirect_uri` */
  async admit({ clientId, sent, policy, isForMany, own }: Application): Promise<Client> {
    const catalogue = await this.resources.catalogue();
    const init = readClientMetadata({ sent: withoutNull(sent), policy, catalogue, isForMany });
    const profile = policy.profile ?? this.options.profile;
    const client = new Client({ clientId, profile, allowedGrantTypes: [], ...init });
    Object.assign(client, own(client), {
      requirePkce: policy.requirePkce || !client.requireClientSecret,
      // Nobody but the client itself has said what it is.
      requireConsent: true,
    });
    this.check(client, catalogue);
    await this.sectors.check(client);
    return client;
  }

  private check(client: Client, catalogue: ResourceCatalogue): void {
    const { identityResources, apiScopes, apiResources, authorizationDetailTypes } = catalogue;
    const configuration = {
      clients: [client],
      identityResources: [...identityResources.values()],
      apiScopes: [...apiScopes.values()],
      apiResources: [...apiResources.values()],
      authorizationDetailTypes: [...authorizationDetailTypes.values()],
      users: [],
    };
    const { signingAlgorithms, dpop, mtls } = this.options;
    const { faults } = checkConfiguration(configuration, signingAlgorithms, dpop.algorithms);
    const [fault] = [...faults, ...mtlsFaults({ mtls, configuration })].filter(({ path }) =>
      path.startsWith('clients[0].'),
    );
    if (fault) throw refusedMember(memberOf(/^clients\[0\]\.(\w+)/.exec(fault.path)?.[1] ?? ''), fault.problem);
  }
}

/** RFC 7592 §2.2: null is as if it had not been sent. */
function withoutNull(sent: ClientMetadata): ClientMetadata {
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null));
}
