import type { Client, ResourceCatalogue } from '@tessera/resource-model';
import type { EndpointName, ResolvedOptions } from '../token-server.options.js';

/** What the members of the discovery document are told from. */
export interface DiscoveryContext {
  readonly options: ResolvedOptions;
  readonly catalogue: ResourceCatalogue;
  /** Those that are enabled. */
  readonly clients: readonly Client[];
  /** Whether people can sign in here: there are pages, and the authorize endpoint is on. */
  readonly hasPeople: boolean;
  /** The address of an endpoint; undefined where it is switched off. */
  readonly url: (endpoint: EndpointName) => string | undefined;
}

/** What one feature says of itself in the discovery document (RFC 8414 §2); undefined members are left out. `said`: what stands there already. */
export type DiscoveryPart = (
  context: DiscoveryContext,
  said: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/** Injects the parts, in the order in which they are written. */
export const DISCOVERY_PARTS = Symbol('DISCOVERY_PARTS');
