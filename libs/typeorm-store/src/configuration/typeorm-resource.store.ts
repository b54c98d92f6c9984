import { Injectable } from '@nestjs/common';
import { ResourceCatalogue, ResourceStore } from '@tessera/resource-model';
import { Database } from '../database/database.js';
import { ConfigurationChanges } from './configuration-changes.js';
import type { ConfiguredKind } from './configured-kind.js';
import {
  apiResourceKind,
  apiScopeKind,
  authorizationDetailTypeKind,
  identityResourceKind,
} from './configured-kinds.js';
import { LiveValue } from './live-value.js';

@Injectable()
export class TypeOrmResourceStore extends ResourceStore {
  private readonly known: LiveValue<ResourceCatalogue>;

  constructor(
    private readonly database: Database,
    changes: ConfigurationChanges,
  ) {
    super();
    const known = (this.known = new LiveValue(() => this.load()));
    changes.follow({
      kinds: ['api_resource', 'api_scope', 'authorization_detail_type', 'identity_resource'],
      drop: () => known.drop(),
      dropAll: () => known.drop(),
    });
  }

  async catalogue(): Promise<ResourceCatalogue> {
    return this.known.get();
  }

  /** What changes between the readings is in the next catalogue: it is dropped when the change is read. */
  private async load(): Promise<ResourceCatalogue> {
    return new ResourceCatalogue(
      await this.all(identityResourceKind),
      await this.all(apiScopeKind),
      await this.all(apiResourceKind),
      await this.all(authorizationDetailTypeKind),
    );
  }

  private async all<T extends object>(kind: ConfiguredKind<T>): Promise<T[]> {
    return (await this.database.all(kind.all, [])).map((row) => kind.read(row));
  }
}
