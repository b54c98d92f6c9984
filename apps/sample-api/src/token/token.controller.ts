import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Access, type VerifiedAccess } from '@tessera/jwt-guard';
import { TokenDescription } from './token-description.js';

/** Tells callers what their token says here. It needs nothing but a good one: no decorator, and closed all the same. */
@Controller('token')
export class TokenController {
  /** Without `claims`: what the issuer tells this API about an opaque token need not be the client's to know. */
  @Get()
  @ApiOkResponse({ type: TokenDescription })
  describe(@Access() { claims: _, confirmation, ...access }: VerifiedAccess): TokenDescription {
    return { ...access, isBound: confirmation !== undefined };
  }
}
