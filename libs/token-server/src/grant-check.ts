import { Inject, Injectable, Logger, type OnModuleInit, Optional } from '@nestjs/common';
import { GrantRegistry } from '@tessera/grant-types';
import { FlowTypes, GrantTypes } from '@tessera/protocol';
import { ConfigurationError, grantFaults } from '@tessera/resource-model';
import { InteractionPages } from './interaction/interaction-pages.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from './token-server.options.js';

/** What leads a person's browser to this server. */
const flowsWithPeople = [GrantTypes.authorizationCode, FlowTypes.implicit, FlowTypes.hybrid, GrantTypes.deviceCode];

/** Of many clients a warning names the first. */
const mostNames = 5;

/** Compares the grants that clients list with those that the server can carry out, when both are known: at start. */
@Injectable()
export class GrantCheck implements OnModuleInit {
  private readonly logger = new Logger('TokenServer');

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly grants: GrantRegistry,
    @Optional() private readonly pages?: InteractionPages,
  ) {}

  onModuleInit(): void {
    const faults = grantFaults(this.options.configuration, [
      ...this.grants.types,
      GrantTypes.password,
      FlowTypes.implicit,
      FlowTypes.hybrid,
    ]);
    if (faults.length > 0) throw new ConfigurationError(faults);
    this.warnOfPasswords();
    this.warnOfPages();
  }

  private warnOfPasswords(): void {
    const clients = this.clientsWith([GrantTypes.password]);
    if (clients.length === 0 || this.grants.types.includes(GrantTypes.password)) return;
    this.logger.warn(
      `The grant 'password' is off although ${namesOf(clients)} may use it: nobody checks passwords. Add imports: [AccountsModule], or provide a ResourceOwnerPasswordValidator.`,
    );
  }

  private warnOfPages(): void {
    const clients = this.clientsWith(flowsWithPeople);
    if (clients.length === 0 || this.pages) return;
    this.logger.warn(
      `Nobody can sign in although ${namesOf(clients)} may send people here: there are no pages. Add imports: [PagesModule] of @tessera/pages, or provide InteractionPages by a module of your own (docs/own-pages.md).`,
    );
  }

  private clientsWith(types: readonly string[]): string[] {
    const { clients } = this.options.configuration;
    const found = clients.filter(
      (client) => client.enabled && client.allowedGrantTypes.some((one) => types.includes(one)),
    );
    return found.map(({ clientId }) => clientId);
  }
}

function namesOf(clientIds: readonly string[]): string {
  const [names, others] = [clientIds.slice(0, mostNames).join(', '), clientIds.length - mostNames];
  return others > 0 ? `${names} and ${others} more` : names;
}
