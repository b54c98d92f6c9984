import { Injectable } from '@nestjs/common';
import { ApiResource, ApiScope, AuthorizationDetailType, type Client, IdentityResource } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import type { ClientRow } from '../schema/client.schema.js';
import { ClientKind } from './client-kind.js';
import { ConfigurationChanges } from './configuration-changes.js';
import { ConfiguredItems } from './configured-items.js';
import {
  apiResourceKind,
  apiScopeKind,
  authorizationDetailTypeKind,
  identityResourceKind,
  userKind,
} from './configured-kinds.js';
import { ConfiguredPeople } from './configured-people.js';

/** Reads and changes the configuration in the database, one thing at a time: for consoles and commands. What the file declares it leaves alone. */
@Injectable()
export class ConfigurationEditor {
  readonly clients: ConfiguredItems<Client, ClientRow>;
  readonly users: ConfiguredPeople;
  readonly apiResources: ConfiguredItems<ApiResource>;
  readonly apiScopes: ConfiguredItems<ApiScope>;
  readonly authorizationDetailTypes: ConfiguredItems<AuthorizationDetailType>;
  readonly identityResources: ConfiguredItems<IdentityResource>;

  constructor(database: Database, changes: ConfigurationChanges, clientKind: ClientKind) {
    this.clients = new ConfiguredItems(database, changes, clientKind);
    this.users = new ConfiguredPeople(database, changes, userKind);
    this.apiResources = new ConfiguredItems(database, changes, apiResourceKind);
    this.apiScopes = new ConfiguredItems(database, changes, apiScopeKind);
    this.authorizationDetailTypes = new ConfiguredItems(database, changes, authorizationDetailTypeKind);
    this.identityResources = new ConfiguredItems(database, changes, identityResourceKind);
  }
}
