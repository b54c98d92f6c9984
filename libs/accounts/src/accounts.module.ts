// People with a password kept here: imported into TokenServerModule, it brings the password check along, and with it what
// slows guessing down. What is counted is kept in memory unless the application provides SignInAttempts that servers share.
import { Module } from '@nestjs/common';
import { ResourceOwnerPasswordValidator } from '@tessera/grant-types';
import { SignInAttempts } from '@tessera/resource-model';
import { LocalPasswordValidator } from './local-password.validator.js';
import { InMemorySignInAttempts } from './throttle/in-memory-sign-in-attempts.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';

@Module({
  providers: [
    {
      provide: SignInThrottle,
      inject: [{ token: SignInAttempts, optional: true }],
      useFactory: (shared?: SignInAttempts) => new SignInThrottle(shared ?? new InMemorySignInAttempts()),
    },
    { provide: ResourceOwnerPasswordValidator, useClass: LocalPasswordValidator },
  ],
  exports: [ResourceOwnerPasswordValidator],
})
export class AccountsModule {}
