import type { ResourceCatalogue } from '../resource-catalogue.js';

/** Where identity resources, API scopes and API resources are found. */
export abstract class ResourceStore {
  /** The catalogue as it is now: the same object until something changes. */
  abstract catalogue(): Promise<ResourceCatalogue>;
}
