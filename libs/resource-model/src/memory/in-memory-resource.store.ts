import type { ResourceCatalogue } from '../resource-catalogue.js';
import { ResourceStore } from '../stores/resource.store.js';

export class InMemoryResourceStore extends ResourceStore {
  constructor(private readonly resources: ResourceCatalogue) {
    super();
  }

  async catalogue(): Promise<ResourceCatalogue> {
    return this.resources;
  }
}
