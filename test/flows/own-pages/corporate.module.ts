import { type DynamicModule, Module } from '@nestjs/common';
import { ExternalProviders } from '@tessera/token-server';
import { CorporateButton, CorporateSignInController } from './corporate-sign-in.controller.js';
import { CorporateProvider, CorporateSettings } from './corporate.provider.js';
import { OwnPagesModule } from './own-pages.module.js';

/** A second way to sign in, beside the password. */
@Module({})
export class CorporateModule {
  static forRoot(settings: CorporateSettings): DynamicModule {
    return {
      module: CorporateModule,
      imports: [OwnPagesModule],
      controllers: [CorporateSignInController],
      providers: [
        { provide: CorporateSettings, useValue: settings },
        CorporateProvider,
        { provide: ExternalProviders, useClass: CorporateButton },
      ],
      exports: [ExternalProviders],
    };
  }
}
