import { Injectable } from '@nestjs/common';
import { GrantTypes, OAuthError, Parameter } from '@tessera/protocol';
import {
  type Client,
  Clock,
  type DeviceAuthorization,
  DeviceAuthorizationStore,
  type HandleHash,
  hashHandle,
} from '@tessera/resource-model';
import type { Authorization } from '../authorization.js';
import type { Grant, GrantCall, GrantOffer } from '../grant.js';
import { PersonStanding } from '../person-standing.js';
import { RequestedScopes } from '../requested-scopes.js';

export class DeviceCodeParams {
  @Parameter({ required: true, maxLength: 512 })
  deviceCode!: string;
}

/** RFC 8628 §3.5: seconds that a poll before its time adds to the interval. */
const penalty = 5;

const unknownCode = 'The device code is unknown or was used before.';

/** A device asks whether a person has let it in (RFC 8628 §3.4). */
@Injectable()
export class DeviceCodeGrant implements Grant<DeviceCodeParams> {
  readonly type = GrantTypes.deviceCode;
  readonly params = DeviceCodeParams;

  constructor(
    private readonly devices: DeviceAuthorizationStore,
    private readonly people: PersonStanding,
    private readonly scopes: RequestedScopes,
    private readonly clock: Clock,
  ) {}

  /** Without pages nobody could agree to anything. */
  isOffered({ clients, hasPages }: GrantOffer): boolean {
    return hasPages && clients.length > 0;
  }

  async authorize(client: Client, { deviceCode }: DeviceCodeParams, call: GrantCall): Promise<Authorization> {
    const handleHash = hashHandle(deviceCode);
    const { decision, resources, details } = await this.poll(client, handleHash);
    if (!decision) throw new OAuthError('authorization_pending', 'The person has not decided yet.');
    if (!decision.allowed) {
      await call.useUpProof?.();
      await this.devices.redeem(handleHash);
      throw new OAuthError('access_denied', 'The person did not let the device in.');
    }
    const { subject, authentication } = decision;
    const person = { subject, authentication };
    await this.people.check(client, person);
    // What has been taken from the client in the meantime it does not get.
    const granted = await this.scopes.again(client, { scopes: decision.scopes, resources, details }, {});
    await call.useUpProof?.();
    // Last, so that of any number of polls at once exactly one gets tokens.
    if (!(await this.devices.redeem(handleHash))) throw new OAuthError('invalid_grant', unknownCode);
    return { client, person, ...granted };
  }

  /** RFC 8628 §3.5: the order in which a poll is refused. */
  private async poll(client: Client, handleHash: HandleHash): Promise<DeviceAuthorization> {
    const now = this.clock.now();
    const polled = await this.devices.poll(handleHash, now, penalty);
    // Another client's try is answered as an unknown code, and does not burn it.
    if (polled?.authorization.clientId !== client.clientId) throw new OAuthError('invalid_grant', unknownCode);
    const { authorization, tooEarly } = polled;
    if (authorization.expiresAt <= now) throw new OAuthError('expired_token', 'The device code has expired.');
    if (tooEarly) {
      const interval = authorization.interval + penalty;
      throw new OAuthError('slow_down', `The poll came too early: wait ${interval} seconds before the next.`);
    }
    return authorization;
  }
}
