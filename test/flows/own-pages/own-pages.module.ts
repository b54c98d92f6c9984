import { Module } from '@nestjs/common';
import { InteractionPages } from '@tessera/token-server';
import { AccountController } from './account.controller.js';
import { BackchannelController } from './backchannel.controller.js';
import { ConsentController } from './consent.controller.js';
import { DeviceController } from './device.controller.js';
import { OwnPages } from './own.pages.js';
import { SignInController } from './sign-in.controller.js';
import { SignOutController } from './sign-out.controller.js';

/** Takes the place of PagesModule. */
@Module({
  controllers: [
    SignInController,
    AccountController,
    ConsentController,
    DeviceController,
    BackchannelController,
    SignOutController,
  ],
  providers: [OwnPages, { provide: InteractionPages, useExisting: OwnPages }],
  exports: [OwnPages, InteractionPages],
})
export class OwnPagesModule {}
