import { Inject, Injectable } from '@nestjs/common';
import { type Client, Clock, createHandle, randomText, Secret, sha256 } from '@tessera/resource-model';
import { needsSecret } from '../../clients/client-metadata/flow-members.js';
import type { ClientMetadata } from '../../clients/client-metadata/metadata-member.js';
import { DynamicClients } from '../../clients/dynamic-clients/dynamic-clients.js';
import { registrationPolicy } from '../../clients/dynamic-clients/policy-in-force.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { SoftwareStatements } from './software-statements.js';

/** Who asks, and what was registered before. */
export interface RegistrationRequest {
  readonly clientId: string;
  readonly sent: ClientMetadata;
  readonly initialAccessToken?: string;
  readonly earlier?: Client;
}

/** What came of it. */
export interface AdmittedClient {
  readonly client: Client;
  /** Only where it is new: no more than its hash is kept. */
  readonly clientSecret?: string;
}

/** Makes clients of registration requests, with what the server keeps for them. */
@Injectable()
export class RegistrationRequests {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly statements: SoftwareStatements,
    private readonly clients: DynamicClients,
    private readonly clock: Clock,
  ) {}

  /** @throws OAuthError */
  async admit({ clientId, sent, initialAccessToken, earlier }: RegistrationRequest): Promise<AdmittedClient> {
    let clientSecret: string | undefined;
    const secrets = () => {
      const kept = this.inForce(earlier);
      if (kept.length > 0) return kept;
      clientSecret = createHandle();
      return [this.keep(clientSecret)];
    };
    // It signs with the secret itself, which is therefore kept, and told again.
    const assertionSecret = () => (clientSecret = earlier?.assertionSecret ?? createHandle());
    const client = await this.clients.admit({
      clientId,
      sent: await this.statements.apply(sent),
      policy: registrationPolicy(this.options.registration, initialAccessToken),
      isForMany: false,
      own: (read) => ({
        clientSecrets: needsSecret(read) ? secrets() : [],
        assertionSecret: read.tokenEndpointAuthMethod === 'client_secret_jwt' ? assertionSecret() : undefined,
        pairwiseSubjectSalt:
          read.subjectType === 'pairwise' ? (earlier?.pairwiseSubjectSalt ?? randomText(32)) : undefined,
      }),
    });
    return { client, clientSecret };
  }

  private inForce(earlier: Client | undefined): Secret[] {
    const now = this.clock.now();
    return (earlier?.clientSecrets ?? []).filter(({ expiration }) => expiration === undefined || expiration > now);
  }

  private keep(secret: string): Secret {
    const { clientSecretLifetime: lifetime } = this.options.registration;
    return new Secret(sha256(secret), lifetime === 0 ? {} : { expiration: this.clock.now() + lifetime });
  }
}
