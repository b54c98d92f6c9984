// What each feature says of itself in the discovery document: a list to read, each part beside its feature.
import type { DiscoveryPart } from './http/discovery-part.js';

export const discoveryParts: readonly DiscoveryPart[] = [];
