import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessRefusedFilter } from './access-refused.filter.js';
import { TesseraJwtStrategy } from './tessera-jwt.strategy.js';

/*
 * A bridge for applications on @nestjs/passport: registers the strategy 'tessera-jwt' and the filter that gives its
 * refusals their challenge. Takes its verifier from JwtGuardModule, which must be imported as well.
 */
@Module({})
export class TesseraPassportModule {
  /**
   * `strategy`: the class that turns claims into a user. One alone: Passport keeps the last that took the name.
   * `imports`: the modules that export what its constructor asks for beside the authenticator.
   */
  static forRoot(
    strategy: Type<TesseraJwtStrategy> = TesseraJwtStrategy,
    { imports = [] }: Pick<ModuleMetadata, 'imports'> = {},
  ): DynamicModule {
    return {
      module: TesseraPassportModule,
      imports,
      providers: [
        { provide: TesseraJwtStrategy, useClass: strategy },
        { provide: APP_FILTER, useClass: AccessRefusedFilter },
      ],
      exports: [TesseraJwtStrategy],
    };
  }
}
