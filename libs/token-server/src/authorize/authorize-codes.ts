import { Injectable } from '@nestjs/common';
import type { Authorization } from '@tessera/grant-types';
import { AuthorizationCodeStore, Clock, createHandle, hashHandle } from '@tessera/resource-model';
import type { AuthorizeRequest } from './authorize-request.js';

/** Makes the codes that clients redeem at the token endpoint (RFC 6749 §4.1.2). */
@Injectable()
export class AuthorizeCodes {
  constructor(
    private readonly codes: AuthorizationCodeStore,
    private readonly clock: Clock,
  ) {}

  async issue(request: AuthorizeRequest, authorization: Authorization): Promise<string> {
    const { client, person, scopes, resources, details, nonce, requestedClaims, familyId } = authorization;
    const handle = createHandle();
    await this.codes.add({
      handleHash: hashHandle(handle),
      clientId: client.clientId,
      subject: person!.subject,
      authentication: person!.authentication,
      scopes,
      resources,
      details,
      redirectUri: request.redirectUri,
      challenge: request.challenge,
      dpopJkt: request.dpopJkt,
      nonce,
      requestedClaims,
      familyId: familyId!,
      expiresAt: this.clock.now() + client.authorizationCodeLifetime,
      redeemed: false,
    });
    return handle;
  }
}
