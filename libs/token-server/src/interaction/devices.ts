import { Injectable } from '@nestjs/common';
import { DeviceAuthorizationStore, type DeviceDecision, type Session } from '@tessera/resource-model';
import type { HttpRequest } from '../http/message.js';
import { Sessions } from '../sessions/sessions.js';
import { ClientViews } from './client-views.js';
import { ConsentViews } from './consent-views.js';
import type { DeviceView } from './views.js';
import { admits } from '../authorize/next-step.js';
import type { Guesser } from './user-code-guesses.js';
import { WaitingDevices } from './waiting-devices.js';

/** People let devices in (RFC 8628 §3.3). */
@Injectable()
export class Devices {
  constructor(
    private readonly waiting: WaitingDevices,
    private readonly store: DeviceAuthorizationStore,
    private readonly sessions: Sessions,
    private readonly consentViews: ConsentViews,
    private readonly clientViews: ClientViews,
  ) {}

  /** Undefined: there is no such code, or it is used or over. @throws TooManyAttemptsError */
  async find(request: HttpRequest, userCode: string, session?: Session): Promise<DeviceView | undefined> {
    const device = await this.waiting.find(guesser(request, session), userCode);
    if (!device) return undefined;
    const { client, authorization } = device;
    // RFC 8628 §5.4: somebody else's device may have shown the code, so a person is asked for each.
    const { scopes, details } = authorization;
    const consent = await this.consentViews.of({ scopes, claims: [], details }, false);
    const signInAgain = session !== undefined && this.waiting.isTooOld(session, device);
    return { userCode: device.userCode, client: this.clientViews.of(client), consent, signInAgain };
  }

  /**
   * Keeps what the person said.
   * @param allowedScopes those that the person agreed to; undefined: the device is not let in
   * @returns false where the device is gone, somebody was faster, the session has ended, or the sign-in does not count for the client
   * @throws TooManyAttemptsError
   */
  async decide(
    request: HttpRequest,
    userCode: string,
    session: Session,
    allowedScopes: readonly string[] | undefined,
  ): Promise<boolean> {
    const device = await this.waiting.find(guesser(request, session), userCode);
    if (!device) return false;
    const { userCodeHash, scopes, clientId } = device.authorization;
    if (!allowedScopes) return this.store.decide(userCodeHash, { allowed: false });
    if (!admits(device.client, session) || this.waiting.isTooOld(session, device)) return false;
    const agreed = await this.consentViews.agreed(scopes, allowedScopes);
    // First: of a sign-out that comes in between the client is told, and what is bound to the session ends with it.
    if (!(await this.sessions.join(session, clientId))) return false;
    return this.store.decide(userCodeHash, allowing(session, agreed));
  }
}

function allowing({ subject, id, authentication }: Session, scopes: readonly string[]): DeviceDecision {
  return { allowed: true, subject, authentication: { ...authentication, sessionId: id }, scopes };
}

function guesser({ ip }: HttpRequest, session: Session | undefined): Guesser {
  return { address: ip, subject: session?.subject };
}
