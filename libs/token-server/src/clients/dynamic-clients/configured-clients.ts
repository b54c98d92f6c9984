// Where the clients of the configuration are found, beside those that nobody configured: whoever brings a ClientStore brings these.
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { ClientStore } from '@tessera/resource-model';
import { CONFIGURED_CLIENTS } from './known-clients.js';

/** A provider of a ClientStore provides the configured clients. */
export function asConfiguredClients(provider: Provider): Provider {
  return typeof provider === 'object' && provider.provide === ClientStore
    ? { ...provider, provide: CONFIGURED_CLIENTS }
    : provider;
}

@Module({})
export class ConfiguredClients {
  /** Those of a module that exports a ClientStore. */
  static of(stores: DynamicModule): DynamicModule {
    return {
      module: ConfiguredClients,
      imports: [stores],
      providers: [{ provide: CONFIGURED_CLIENTS, useExisting: ClientStore }],
      exports: [CONFIGURED_CLIENTS],
    };
  }
}
