import { Inject, Injectable } from '@nestjs/common';
import { type Client, isRegisteredClientId, RegisteredClientStore } from '@tessera/resource-model';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';

/** Clients that registered themselves, where clients may. */
@Injectable()
export class RegisteredClients {
  private readonly isOn: boolean;

  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) { registration }: ResolvedOptions,
    private readonly store: RegisteredClientStore,
  ) {
    this.isOn = registration.mode !== 'off';
  }

  async find(clientId: string): Promise<Client | undefined> {
    if (!this.isOn || !isRegisteredClientId(clientId)) return undefined;
    return (await this.store.find(clientId))?.client;
  }
}
