import { Injectable } from '@nestjs/common';
import { type Client, ClientStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { ClientKind } from './client-kind.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { LiveCache } from './live-cache.js';
import { LiveValue } from './live-value.js';

const mostClients = 10_000;

/** As the model has it: what cannot be the id of a client is not looked for. */
const clientIdForm = /^[\x20-\x7E]{1,200}$/;

@Injectable()
export class TypeOrmClientStore extends ClientStore {
  private readonly clients: LiveCache<Client>;
  private readonly all: LiveValue<readonly Client[]>;

  constructor(database: Database, changes: ConfigurationChanges, clientKind: ClientKind) {
    super();
    this.clients = new LiveCache(mostClients, async (clientId) => {
      const row = await database.first(clientKind.one, [clientId]);
      return row && clientKind.read(row);
    });
    this.all = new LiveValue(async () => {
      const rows = await database.all(clientKind.all, []);
      return rows.map((row) => clientKind.read(row));
    });
    changes.follow({
      kinds: ['client'],
      drop: (clientId) => {
        this.clients.drop(clientId);
        this.all.drop();
      },
      dropAll: () => {
        this.clients.dropAll();
        this.all.drop();
      },
    });
  }

  async find(clientId: string): Promise<Client | undefined> {
    return clientIdForm.test(clientId) ? this.clients.get(clientId) : undefined;
  }

  async list(): Promise<readonly Client[]> {
    return this.all.get();
  }
}
