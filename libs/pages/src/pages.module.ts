// The pages a person sees. Imported into TokenServerModule they are what the protocol sends people to; each has a folder of its own
// here and a template beside src/. They know the protocol through InteractionService and through nothing else.
import { type DynamicModule, Logger, Module, type ModuleMetadata } from '@nestjs/common';
import { ConfigurationError, describeFault } from '@tessera/resource-model';
import { InteractionPages } from '@tessera/token-server';
import { AccountController } from './account/account.controller.js';
import { ApplicationsController } from './applications/applications.controller.js';
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

function parts({ demo, ...options }: Partial<PagesOptions> & PagesExtensions): ModuleMetadata {
  return {
    controllers: [
      ...(options.homePage === false ? [] : [HomeController]),
      SignInController,
      AccountController,
      ConsentController,
      DeviceController,
      DeviceConfirmController,
      DeviceDoneController,
      SignOutController,
      SignedOutController,
      ApplicationsController,
      AssetsController,
    ],
    providers: [
      { provide: PAGES, useFactory: () => check(options, demo) },
      PageAddresses,
      PageRenderer,
      LiquidPages,
      { provide: InteractionPages, useExisting: LiquidPages },
    ],
    exports: [InteractionPages],
  };
}

/** The module when it is given options: the one without cannot be taken back, and has a home page. */
@Module({})
class PagesWithOptionsModule {}

@Module(parts({}))
export class PagesModule {
  /** @throws ConfigurationError at start, with every fault at once */
  static forRoot(options: Partial<PagesOptions> & PagesExtensions = {}): DynamicModule {
    return { module: PagesWithOptionsModule, ...parts(options) };
  }
}

function check(options: Partial<PagesOptions>, demo: DemoData | undefined): ResolvedPages {
  const { pages, faults, warnings } = resolvePages(options, demo);
  if (!pages) throw new ConfigurationError(faults, 'The configuration of the pages');
  const logger = new Logger('Pages');
  warnings.forEach((warning) => logger.warn(describeFault(warning)));
  return pages;
}
