// The pages a person sees. Imported into TokenServerModule they are what the protocol sends people to; each has a folder of its own
// here and a template beside src/. They know the protocol through InteractionService and through nothing else.
import { type DynamicModule, type FactoryProvider, Logger, Module, type ModuleMetadata } from '@nestjs/common';
import { ConfigurationError, describeFault, type Fault } from '@tessera/resource-model';
import { InteractionPages } from '@tessera/token-server';
import { AccountController } from './account/account.controller.js';
import { ApplicationsController } from './applications/applications.controller.js';
import { BackchannelDoneController } from './backchannel/backchannel-done.controller.js';
import { BackchannelController } from './backchannel/backchannel.controller.js';
import { ConsentController } from './consent/consent.controller.js';
import { DeviceConfirmController } from './device/device-confirm.controller.js';
import { DeviceDoneController } from './device/device-done.controller.js';
import { DeviceController } from './device/device.controller.js';
import { HomeController } from './home/home.controller.js';
import { LiquidPages } from './liquid.pages.js';
import { AssetsController } from './look/assets.controller.js';
import type { DemoData, PagesOptions } from './pages.options.js';
import { PageAddresses } from './rendering/page-addresses.js';
import { PageRenderer } from './rendering/page.renderer.js';
import { PAGES, type ResolvedPages, resolvePages } from './resolve-pages.js';
import { SignInController } from './signin/sign-in.controller.js';
import { SignOutController } from './signout/sign-out.controller.js';
import { SignedOutController } from './signout/signed-out.controller.js';

/** What is not for a configuration file to say. */
export interface PagesExtensions {
  /** For development: makes the home page list them. */
  demo?: DemoData;
}

type Given = Partial<PagesOptions> & PagesExtensions;

/** Options that are known only at start: from a configuration service, a file. */
export interface PagesAsyncOptions extends Pick<FactoryProvider<Omit<Given, 'homePage'>>, 'inject' | 'useFactory'> {
  /** Modules whose exports the factory needs. */
  imports?: ModuleMetadata['imports'];
  /** As in the options. It stands here because routes are made before the factory is asked. */
  homePage?: boolean;
}

function parts({ imports, homePage = true, inject, useFactory }: PagesAsyncOptions): ModuleMetadata {
  return {
    imports,
    controllers: [
      ...(homePage ? [HomeController] : []),
      SignInController,
      AccountController,
      ConsentController,
      DeviceController,
      DeviceConfirmController,
      DeviceDoneController,
      BackchannelController,
      BackchannelDoneController,
      SignOutController,
      SignedOutController,
      ApplicationsController,
      AssetsController,
    ],
    providers: [
      {
        provide: PAGES,
        inject,
        useFactory: async (...dependencies: unknown[]) => check(await useFactory(...dependencies), homePage),
      },
      PageAddresses,
      PageRenderer,
      LiquidPages,
      { provide: InteractionPages, useExisting: LiquidPages },
    ],
    exports: [InteractionPages],
  };
}

@Module(parts({ useFactory: () => ({}) }))
export class PagesModule {
  /** Relative folders count from the working directory. @throws ConfigurationError at start, with every fault at once */
  static forRoot(options: Given = {}): DynamicModule {
    return this.forRootAsync({ homePage: options.homePage, useFactory: () => options });
  }

  /** As {@link forRoot}. */
  static forRootAsync(options: PagesAsyncOptions): DynamicModule {
    return { module: withoutDecorator(), ...parts(options) };
  }
}

/**
 * What stands in a decorator is added to every dynamic module of the class, and the home page could not be left out any more. So those are
 * of a class that has none; it bears the same name, for the log.
 */
function withoutDecorator(): DynamicModule['module'] {
  return class PagesModule {};
}

function check({ demo, ...options }: Given, homePage: boolean): ResolvedPages {
  const { pages, faults, warnings } = resolvePages({ ...options, homePage }, demo);
  const all = [...faults, ...tooLate(options, homePage)];
  if (!pages || all.length > 0) throw new ConfigurationError(all, 'The configuration of the pages');
  const logger = new Logger('Pages');
  warnings.forEach((warning) => logger.warn(describeFault(warning)));
  return pages;
}

function tooLate({ homePage: value }: Given, homePage: boolean): Fault[] {
  if (value === undefined || value === homePage) return [];
  return [{ path: 'homePage', value, problem: 'must stand beside useFactory: routes are made before it is asked' }];
}
