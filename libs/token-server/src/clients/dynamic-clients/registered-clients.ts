import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  type Client,
  Clock,
  isRegisteredClientId,
  type RegisteredClient,
  RegisteredClientStore,
  ResourceStore,
} from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { heldToPolicy } from './policy-in-force.js';

/** So many losses are remembered, so that each is said once. */
const mostTold = 10_000;

/** Clients that registered themselves, where clients may: as far as the policy goes that is in force now. */
@Injectable()
export class RegisteredClients {
  private readonly logger = new Logger('TokenServer');
  /** Of those that were found: nobody has got anything through them yet. */
  private readonly unused = new WeakSet<Client>();
  private readonly told = new Set<string>();

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly store: RegisteredClientStore,
    private readonly resources: ResourceStore,
    private readonly clock: Clock,
  ) {}

  async find(clientId: string): Promise<Client | undefined> {
    if (this.options.registration.mode === 'off' || !isRegisteredClientId(clientId)) return undefined;
    const registered = await this.registration(clientId);
    if (!registered) return undefined;
    const { client, losses } = heldToPolicy(registered, this.options, await this.resources.catalogue());
    this.tell(clientId, losses);
    if (client && registered.unusedUntil !== undefined) this.unused.add(client);
    return client;
  }

  /** The registration as it was made, unless it has ended: what is swept away later does not count before. */
  async registration(clientId: string): Promise<RegisteredClient | undefined> {
    const registered = await this.store.find(clientId);
    return (registered?.unusedUntil ?? Infinity) > this.clock.now() ? registered : undefined;
  }

  /** Somebody has got a code or tokens through it: it is kept for good. Costs nothing for a client that is known to be kept. */
  async noteUse(client: Client): Promise<void> {
    if (!this.unused.delete(client)) return;
    try {
      await this.store.keep(client.clientId);
    } catch (error) {
      // What was got must reach the client: it is not got a second time. The next use is noted instead.
      this.logger.warn(`The use of registered client '${client.clientId}' was not noted: ${String(error)}`);
    }
  }

  private tell(clientId: string, losses: readonly string[]): void {
    const text = `The registered client '${clientId}' is held to the policy in force, which takes from it ${losses.join(', ')}.`;
    if (losses.length === 0 || this.told.has(text)) return;
    if (this.told.size >= mostTold) this.told.clear();
    this.told.add(text);
    this.logger.warn(text);
  }
}
