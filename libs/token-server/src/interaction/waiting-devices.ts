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
} from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { UserCodeGuesses } from './user-code-guesses.js';

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
  async find(request: HttpRequest, typed: string): Promise<WaitingDevice | undefined> {
    const code = normalizeUserCode(typed);
    // What can be no code tells nothing, so it costs no guess.
    if (code === undefined) return undefined;
    return this.guesses.attempt(request.ip ?? 'unknown', () => this.look(code));
  }

  private async look(code: string): Promise<WaitingDevice | undefined> {
    const authorization = await this.store.findByUserCode(hashHandle(code));
    if (!authorization || authorization.decision || authorization.expiresAt <= this.clock.now()) return undefined;
    const client = await this.clients.find(authorization.clientId);
    return client?.enabled ? { userCode: formatUserCode(code), authorization, client } : undefined;
  }
}
