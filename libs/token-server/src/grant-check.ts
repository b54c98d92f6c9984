import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { FlowTypes, GrantTypes } from '@tessera/protocol';
import { ConfigurationError, grantFaults } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from './token-server.options.js';

/** Compares the grants that clients list with those that are registered, when both are known: at start. */
@Injectable()
export class GrantCheck implements OnModuleInit {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly grants: GrantRegistry,
  ) {}

  onModuleInit(): void {
    const { configuration } = this.options;
    const faults = grantFaults(configuration, [
      ...this.grants.types,
      GrantTypes.password,
      FlowTypes.implicit,
      FlowTypes.hybrid,
    ]);
    if (faults.length > 0) throw new ConfigurationError(faults);
    if (this.grants.types.includes(GrantTypes.password)) return;
    const clients = configuration.clients.filter((client) => client.allowedGrantTypes.includes(GrantTypes.password));
    if (clients.length === 0) return;
    new Logger('TokenServer').warn(
      `The grant 'password' is off although ${clients.map(({ clientId }) => clientId).join(', ')} may use it: nobody checks passwords. Add imports: [AccountsModule], or provide a ResourceOwnerPasswordValidator.`,
    );
  }
}
