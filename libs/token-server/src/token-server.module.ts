// A token server for any Nest application. What it is told is checked once, at start; its parts are one visible list
// (token-server.providers.ts), of which an application replaces any by naming a provider of its own.
import {
  type DynamicModule,
  type FactoryProvider,
  Logger,
  Module,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import type { Grant } from '@tessera/grant-types';
import {
  checkConfiguration,
  ClientStore,
  ConfigurationError,
  describeFault,
  trustedIssuerWarnings,
} from '@tessera/resource-model';
import { AuthorizeController, ResumeController } from './endpoints/authorize/authorize.controller.js';
import { CheckSessionController } from './endpoints/check-session/check-session.controller.js';
import { BackchannelAuthenticationController } from './endpoints/backchannel-authentication/backchannel-authentication.controller.js';
import { DeviceAuthorizationController } from './endpoints/device-authorization/device-authorization.controller.js';
import { EndSessionController } from './endpoints/end-session/end-session.controller.js';
import { DiscoveryController } from './endpoints/discovery/discovery.controller.js';
import { KeySetController } from './endpoints/discovery/key-set.controller.js';
import { PushedAuthorizationController } from './endpoints/pushed-authorization/pushed-authorization.controller.js';
import { IntrospectionController } from './endpoints/introspection/introspection.controller.js';
import { RevocationController } from './endpoints/revocation/revocation.controller.js';
import { TokenController } from './endpoints/token/token.controller.js';
import { UserinfoController } from './endpoints/userinfo/userinfo.controller.js';
import { ClientConfigurationController } from './endpoints/registration/client-configuration.controller.js';
import { RegistrationController } from './endpoints/registration/registration.controller.js';
import { asConfiguredClients, ConfiguredClients } from './clients/dynamic-clients/configured-clients.js';
import { KnownClients } from './clients/dynamic-clients/known-clients.js';
import { resolveOptions } from './resolve-options.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions, type TokenServerOptions } from './token-server.options.js';
import { inMemoryStores } from './in-memory-stores.providers.js';
import { engine, grantProviders, people } from './token-server.providers.js';

/** What an application adds to the server, or puts in the place of its parts. */
export interface TokenServerExtensions {
  /** Grants of one's own, beside the built-in ones (RFC 6749 §4.5). */
  grants?: (new (...dependencies: never[]) => Grant)[];
  /** Modules whose exports the grants and providers below need, or that bring parts along: `AccountsModule`. */
  imports?: ModuleMetadata['imports'];
  /** Parts that take the place of the server's own: `{ provide: ProfileService, useClass: … }`. */
  providers?: Provider[];
  /** Where things are kept instead of in memory: a module that exports stores, `TypeOrmStores.forRoot({ url: … })`. */
  stores?: DynamicModule;
}

/** Options that are known only at start: from a configuration service, a file, a secret store. */
export interface TokenServerAsyncOptions
  extends TokenServerExtensions, Pick<FactoryProvider<TokenServerOptions>, 'inject' | 'useFactory'> {}

@Module({})
export class TokenServerModule {
  /** @throws ConfigurationError at start, with every fault at once */
  static forRoot({
    grants,
    imports,
    providers,
    stores,
    ...options
  }: TokenServerOptions & TokenServerExtensions): DynamicModule {
    return this.forRootAsync({ grants, imports, providers, stores, useFactory: () => options });
  }

  /** @throws ConfigurationError at start, with every fault at once */
  static forRootAsync(options: TokenServerAsyncOptions): DynamicModule {
    const { grants, imports = [], providers, stores, inject, useFactory } = options;
    const keptElsewhere = new Set<unknown>(stores?.exports);
    const parts: Provider[] = [
      {
        provide: TOKEN_SERVER_OPTIONS,
        inject,
        useFactory: async (...dependencies: unknown[]) => check(await useFactory(...dependencies)),
      },
      ...inMemoryStores.filter((store) => !keptElsewhere.has(store.provide)).map(asConfiguredClients),
      ...engine,
      ...people,
      ...grantProviders(grants ?? []),
      // Of two providers for one token the later counts.
      ...(providers ?? []).map(asConfiguredClients),
      { provide: ClientStore, useClass: KnownClients },
    ];
    return {
      module: TokenServerModule,
      global: true,
      imports: [...imports, ...storesOf(stores)],
      controllers: [
        DiscoveryController,
        KeySetController,
        AuthorizeController,
        ResumeController,
        EndSessionController,
        CheckSessionController,
        DeviceAuthorizationController,
        BackchannelAuthenticationController,
        PushedAuthorizationController,
        RegistrationController,
        ClientConfigurationController,
        TokenController,
        UserinfoController,
        IntrospectionController,
        RevocationController,
      ],
      providers: parts,
      exports: [
        ...new Set(parts.map((part) => (typeof part === 'function' ? part : part.provide))),
        ...(stores ? [stores] : []),
      ],
    };
  }
}

function storesOf(stores: DynamicModule | undefined): DynamicModule[] {
  if (!stores) return [];
  return stores.exports?.includes(ClientStore) ? [stores, ConfiguredClients.of(stores)] : [stores];
}

function check(options: TokenServerOptions): ResolvedOptions {
  const { resolved, faults: own } = resolveOptions(options);
  const { configuration, signingAlgorithms, dpop } = resolved;
  const { faults, warnings } = checkConfiguration(configuration, signingAlgorithms, dpop.algorithms);
  if (own.length + faults.length > 0) throw new ConfigurationError([...own, ...faults]);
  const logger = new Logger('TokenServer');
  const ofIssuers = trustedIssuerWarnings(resolved.trustedIssuers, configuration);
  [...warnings, ...ofIssuers].forEach((warning) => logger.warn(describeFault(warning)));
  return resolved;
}
