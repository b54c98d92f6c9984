import type { ResourceCatalogue } from '../resource-catalogue.js';

/** Where identity resources, API scopes and API resources are found. */
export abstract class ResourceStore {
  /** The catalogue as it is now: the very same object until something changes, so that what was made of it can be kept as long. */
  abstract catalogue(): Promise<ResourceCatalogue>;
}
