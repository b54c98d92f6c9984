import { Injectable } from '@nestjs/common';
import {
  type Client,
  ClientStore,
  Clock,
  type DeviceAuthorization,
  DeviceAuthorizationStore,
  formatUserCode,
  hashHandle,
  normalizeUserCode,
  type Session,
} from '@tessera/resource-model';
import { isRecent } from '../authorize/next-step.js';
import { type Guesser, UserCodeGuesses } from './user-code-guesses.js';

/** A device that nobody has decided about. */
export interface WaitingDevice {
  /** As the device shows it. */
  readonly userCode: string;
  readonly authorization: DeviceAuthorization;
  readonly client: Client;
}

/** Finds devices by what people type. */
@Injectable()
export class WaitingDevices {
  constructor(
    private readonly store: DeviceAuthorizationStore,
    private readonly clients: ClientStore,
    private readonly guesses: UserCodeGuesses,
    private readonly clock: Clock,
  ) {}

  /** Undefined: there is no such code, or it is used or over. @throws TooManyAttemptsError */
  async find(guesser: Guesser, typed: string): Promise<WaitingDevice | undefined> {
    const code = normalizeUserCode(typed);
    // What can be no code tells nothing, so it costs no guess.
    if (code === undefined) return undefined;
    return this.guesses.attempt(guesser, () => this.look(code));
  }

  /**
   * Whether the sign-in is too old for the client, as it would be at the authorize endpoint. One made since the device asked is recent enough: the
   * person is the one with whom the device waits.
   */
  isTooOld({ authentication }: Session, { client, authorization }: WaitingDevice): boolean {
    if (authentication.time > authorization.createdAt) return false;
    return !isRecent(authentication.time, client.defaultMaxAge, client, this.clock.now());
  }

  private async look(code: string): Promise<WaitingDevice | undefined> {
    const authorization = await this.store.findByUserCode(hashHandle(code));
    if (!authorization || authorization.decision || authorization.expiresAt <= this.clock.now()) return undefined;
    const client = await this.clients.find(authorization.clientId);
    return client?.enabled ? { userCode: formatUserCode(code), authorization, client } : undefined;
  }
}
