import type { Client } from '@tessera/resource-model';
import type { ExternalProvider } from './views.js';

/** Other places where people sign in. An application that has some provides its own, and a controller that calls `InteractionService.signIn`. */
export abstract class ExternalProviders {
  abstract list(): Promise<readonly ExternalProvider[]>;
}

/** Those that the client lets in. */
export function providersFor(client: Client, all: readonly ExternalProvider[]): readonly ExternalProvider[] {
  const { identityProviderRestrictions: allowed } = client;
  return allowed.length === 0 ? all : all.filter(({ id }) => allowed.includes(id));
}
