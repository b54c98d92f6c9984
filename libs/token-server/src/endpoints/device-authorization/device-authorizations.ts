import { Injectable } from '@nestjs/common';
import { RequestedScopes, type ScopeRequest } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import {
  type Client,
  Clock,
  createHandle,
  createUserCode,
  type DeviceAuthorization,
  DeviceAuthorizationStore,
  hashHandle,
} from '@tessera/resource-model';
import { PageUrls } from '../../interaction/page-urls.js';

/** The answer of the device authorization endpoint (RFC 8628 §3.2). */
export interface DeviceAuthorizationBody {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  /** Seconds, as is the following. */
  readonly expires_in: number;
  readonly interval: number;
}

/** Seconds between two polls, as long as the device keeps to them (RFC 8628 §3.2). */
const interval = 5;

/** Of 20^8 codes two are the same next to never: more tries than this mean that the store is at fault. */
const mostTries = 5;

/** Gives devices the two codes that they wait with. */
@Injectable()
export class DeviceAuthorizations {
  constructor(
    private readonly store: DeviceAuthorizationStore,
    private readonly scopes: RequestedScopes,
    private readonly urls: PageUrls,
    private readonly clock: Clock,
  ) {}

  /** @throws OAuthError `invalid_scope`, `invalid_target`, `invalid_authorization_details`, `interaction_required` where the application has no pages */
  async begin(client: Client, request: ScopeRequest): Promise<DeviceAuthorizationBody> {
    // Before anything is kept: without a page nobody could ever let the device in.
    const verificationUri = this.urls.of('device', {});
    const granted = await this.scopes.forPerson(client, request);
    const deviceCode = createHandle();
    const now = this.clock.now();
    const userCode = await this.add({
      ...granted,
      handleHash: hashHandle(deviceCode),
      clientId: client.clientId,
      createdAt: now,
      expiresAt: now + client.deviceCodeLifetime,
      interval,
    });
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      verification_uri_complete: this.urls.of('device', { user_code: userCode }),
      expires_in: client.deviceCodeLifetime,
      interval,
    };
  }

  /** Gives the user code under which it waits: one that no other device holds. */
  private async add(authorization: Omit<DeviceAuthorization, 'userCodeHash'>): Promise<string> {
    for (let tries = 0; tries < mostTries; tries++) {
      const userCode = createUserCode();
      const waiting = { ...authorization, userCodeHash: hashHandle(userCode.replace('-', '')) };
      if (await this.store.add(waiting, authorization.createdAt)) return userCode;
    }
    throw new OAuthError('temporarily_unavailable', 'No user code is free at this moment.');
  }
}
