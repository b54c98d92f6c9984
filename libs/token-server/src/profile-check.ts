import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ClientStore, ResourceStore } from '@tessera/resource-model';
import { BackgroundFaults } from './background-faults.js';
import { brokenProfileRules, describeBrokenRule } from './broken-profile-rules.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from './token-server.options.js';

/** So many broken rules are told one by one. */
const mostTold = 10;

/** Tells at start which clients break the profile that they are held to. They go on working: those who use them are not to be shut out by a restart. */
@Injectable()
export class ProfileCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger('TokenServer');
  private readonly faults = new BackgroundFaults('Comparing clients with their profiles failed', this.logger);

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly clients: ClientStore,
    private readonly resources: ResourceStore,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.faults.watch(this.warn());
  }

  private async warn(): Promise<void> {
    const broken = brokenProfileRules(await this.clients.list(), await this.resources.catalogue(), this.options);
    for (const one of broken.slice(0, mostTold)) {
      this.logger.warn(`In the database, ${describeBrokenRule(one)} It needs ${one.standing.mend}.`);
    }
    const others = broken.length - mostTold;
    if (others > 0) this.logger.warn(`Clients in the database break ${others} more rules: sts doctor names them.`);
  }
}
