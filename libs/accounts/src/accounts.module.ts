// People with a password kept here: imported into TokenServerModule, it brings the password check along, and with it what
// slows guessing down. Tries are counted where the server keeps things: in memory, or in a store that servers share.
import { Module } from '@nestjs/common';
import { ResourceOwnerPasswordValidator } from '@tessera/grant-types';
import { LocalPasswordValidator } from './local-password.validator.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';

@Module({
  providers: [SignInThrottle, { provide: ResourceOwnerPasswordValidator, useClass: LocalPasswordValidator }],
  exports: [ResourceOwnerPasswordValidator],
})
export class AccountsModule {}
