// People with a password kept here: imported into TokenServerModule, it brings the password check along.
import { Module } from '@nestjs/common';
import { ResourceOwnerPasswordValidator } from '@tessera/grant-types';
import { LocalPasswordValidator } from './local-password.validator.js';

@Module({
  providers: [{ provide: ResourceOwnerPasswordValidator, useClass: LocalPasswordValidator }],
  exports: [ResourceOwnerPasswordValidator],
})
export class AccountsModule {}
