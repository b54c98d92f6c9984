import {
  ConfigurableModuleBuilder,
  Module,
  type DynamicModule,
  type NestModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { APP_GUARD, ModulesContainer } from '@nestjs/core';
import { Refusals } from './answers/refusals.js';
import { TokenOpener } from './decryption/token-opener.js';
import { UnguardedRoutes } from './guard-check/unguarded-routes.js';
import { GuardHooks } from './guard/guard-hooks.js';
import { JwtGuard } from './guard/jwt.guard.js';
import { RequestAuthenticator } from './guard/request-authenticator.js';
import { RequirementsGuard } from './guard/requirements.guard.js';
import { JwtGuardHealth } from './health/jwt-guard.health.js';
import { makeIssuers } from './issuers/make-issuers.js';
import { TrustedIssuers } from './issuers/trusted-issuers.js';
import { GuardSettings, JwtGuardOptionsError } from './options/guard-settings.js';
import type { JwtGuardModuleExtras, JwtGuardOptions } from './options/jwt-guard.options.js';
import { jwtGuardOptionFaults } from './options/option-faults.js';
import { isObject } from './options/option-rules.js';
import { show } from './options/shown-value.js';
import { ProofOfPossession } from './presentation/proof-of-possession.js';
import { ResourceMetadataRoute } from './resource-metadata/resource-metadata.route.js';
import { AccessTokenVerifier } from './token/access-token-verifier.js';
import { VerifiedTokenCache } from './token/verified-token.cache.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<JwtGuardOptions>({
  moduleName: 'JwtGuard',
  optionsInjectionToken: 'tessera:jwt-guard-options',
})
  .setClassMethodName('forRoot')
  .setExtras<JwtGuardModuleExtras>({ global: true }, (definition, { global }) => ({
    ...definition,
    // Configured once, used by the guards of every module.
    global: true,
    // Deny by default: anything but an outspoken `false` guards every route, also an undefined that came along.
    providers: [
      ...(definition.providers ?? []),
      ...(checkedGlobal(global) ? [{ provide: APP_GUARD, useExisting: JwtGuard }] : []),
    ],
  }))
  .build();

/** The provider that holds the options: what a testing module replaces. */
export const jwtGuardOptionsToken = MODULE_OPTIONS_TOKEN;

/*
 * Puts the guard together: settings (validated here, so that a wrong option stops the boot) -> issuers with their keys ->
 * verifier -> proof of possession -> authenticator -> guards. Each is a provider of its own and can be replaced by its class.
 */
@Module({
  providers: [
    {
      provide: GuardSettings,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: JwtGuardOptions) => new GuardSettings(options),
    },
    {
      provide: GuardHooks,
      inject: [GuardSettings],
      useFactory: (settings: GuardSettings) => new GuardHooks(settings.hooks),
    },
    { provide: TrustedIssuers, inject: [GuardSettings, GuardHooks], useFactory: makeIssuers },
    {
      provide: AccessTokenVerifier,
      inject: [GuardSettings, TrustedIssuers],
      useFactory: (settings: GuardSettings, issuers: TrustedIssuers) =>
        new AccessTokenVerifier(
          issuers,
          new VerifiedTokenCache(settings.tokenCacheSize),
          settings.clock,
          settings.decryption && new TokenOpener(settings.decryption),
        ),
    },
    {
      provide: RequestAuthenticator,
      inject: [GuardSettings, AccessTokenVerifier, GuardHooks],
      useFactory: (settings: GuardSettings, verifier: AccessTokenVerifier, hooks: GuardHooks) =>
        new RequestAuthenticator(settings, verifier, new ProofOfPossession(settings), new Refusals(settings), hooks),
    },
    JwtGuard,
    RequirementsGuard,
    ResourceMetadataRoute,
    UnguardedRoutes,
    JwtGuardHealth,
  ],
  exports: [
    GuardSettings,
    TrustedIssuers,
    AccessTokenVerifier,
    RequestAuthenticator,
    JwtGuard,
    RequirementsGuard,
    JwtGuardHealth,
  ],
})
export class JwtGuardModule extends ConfigurableModuleClass implements NestModule, OnApplicationBootstrap {
  /** Options that are no object at all are refused here: the rest of them is read when the application starts. */
  static override forRoot(options: JwtGuardOptions & Partial<JwtGuardModuleExtras>): DynamicModule {
    if (!isObject(options)) throw new JwtGuardOptionsError(jwtGuardOptionFaults(options));
    return super.forRoot(options);
  }

  constructor(
    private readonly issuers: TrustedIssuers,
    private readonly metadataRoute: ResourceMetadataRoute,
    private readonly modules: ModulesContainer,
  ) {
    super();
  }

  configure(): void {
    this.refuseSecond();
    this.metadataRoute.register();
  }

  /** Not awaited: an issuer that starts later than this API must not keep it from starting. */
  onApplicationBootstrap(): void {
    for (const { keys } of this.issuers.list()) void keys.prefetch();
  }

  /** Guards find the one set of options that there is. With two, the order of imports would say which of them opens a route. */
  private refuseSecond(): void {
    const imported = [...this.modules.values()].filter(({ metatype }) => metatype === JwtGuardModule);
    if (imported.length > 1) {
      throw new JwtGuardOptionsError([
        `JwtGuardModule is imported ${imported.length} times with different options; import it once, with all issuers and audiences.`,
      ]);
    }
  }
}

/** Text from an environment would be taken for true: 'false' as well. */
function checkedGlobal(global: unknown): boolean {
  if (global === undefined || typeof global === 'boolean') return global !== false;
  throw new JwtGuardOptionsError([`global: ${show(global)} was given; give true or false.`]);
}
