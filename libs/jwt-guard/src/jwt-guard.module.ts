import { ConfigurableModuleBuilder, Logger, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BearerAuthenticator } from './guard/bearer-authenticator.js';
import { JwtGuard } from './guard/jwt.guard.js';
import { ScopesGuard } from './guard/scopes.guard.js';
import { IssuerKeySource } from './keys/issuer-key-source.js';
import { KeySource } from './keys/key-source.js';
import { GuardSettings } from './options/guard-settings.js';
import type { JwtGuardModuleExtras, JwtGuardOptions } from './options/jwt-guard.options.js';
import { AccessTokenVerifier } from './token/access-token-verifier.js';

const logger = new Logger('JwtGuard');

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<JwtGuardOptions>({
  moduleName: 'JwtGuard',
})
  .setClassMethodName('forRoot')
  .setExtras<JwtGuardModuleExtras>({ global: true }, (definition, { global }) => ({
    ...definition,
    // Configured once, used by the guards of every module.
    global: true,
    // Deny by default: anything but an outspoken `false` guards every route, also an undefined that came along.
    providers: [
      ...(definition.providers ?? []),
      ...(global === false ? [] : [{ provide: APP_GUARD, useExisting: JwtGuard }]),
    ],
  }))
  .build();

/*
 * Puts the guard together: settings (validated here, so that a wrong option stops the boot) -> key source -> verifier
 * -> authenticator -> guards. Each is a provider of its own and can be replaced by its class.
 */
@Module({
  providers: [
    {
      provide: GuardSettings,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: JwtGuardOptions) => new GuardSettings(options),
    },
    {
      provide: KeySource,
      inject: [GuardSettings],
      useFactory: (settings: GuardSettings) =>
        new IssuerKeySource(settings, (error) =>
          logger.warn(`The keys of ${settings.issuer} cannot be fetched: ${error.message}`),
        ),
    },
    {
      provide: AccessTokenVerifier,
      inject: [GuardSettings, KeySource],
      useFactory: (settings: GuardSettings, keys: KeySource) => new AccessTokenVerifier(settings, keys),
    },
    BearerAuthenticator,
    JwtGuard,
    ScopesGuard,
  ],
  exports: [KeySource, AccessTokenVerifier, BearerAuthenticator, JwtGuard, ScopesGuard],
})
export class JwtGuardModule extends ConfigurableModuleClass implements OnApplicationBootstrap {
  constructor(private readonly keys: KeySource) {
    super();
  }

  /** Not awaited: an issuer that starts later than this API must not keep it from starting. */
  onApplicationBootstrap(): void {
    void this.keys.prefetch();
  }
}
