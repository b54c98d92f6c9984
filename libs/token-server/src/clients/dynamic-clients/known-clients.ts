import { Inject, Injectable } from '@nestjs/common';
import { type Client, ClientStore } from '@tessera/resource-model';
import { ClientIdDocuments } from '../client-id-documents/client-id-documents.js';
import { RegisteredClients } from './registered-clients.js';

/** Injects the store of the clients that are configured: in the options, or in a database. */
export const CONFIGURED_CLIENTS = Symbol('CONFIGURED_CLIENTS');

/**
 * Every client of this server: those of the configuration first, which nobody can take the place of, then those that registered themselves, then
 * those that a document describes. An id has the form of one kind only, so that for most clients nothing else is asked.
 */
@Injectable()
export class KnownClients extends ClientStore {
  constructor(
    @Inject(CONFIGURED_CLIENTS) private readonly configured: ClientStore,
    private readonly registered: RegisteredClients,
    private readonly documents: ClientIdDocuments,
  ) {
    super();
  }

  async find(clientId: string): Promise<Client | undefined> {
    return (
      (await this.configured.find(clientId)) ??
      (await this.registered.find(clientId)) ??
      (await this.documents.find(clientId))
    );
  }

  /** Those of the configuration: nobody else has a say in what this server says of itself. */
  async list(): Promise<readonly Client[]> {
    return this.configured.list();
  }
}
