import { Injectable, Optional } from '@nestjs/common';
import { ResourceOwnerPasswordValidator, type VerifiedPerson } from '@tessera/grant-types';
import { OAuthError } from '@tessera/protocol';
import { Clock, createHandle, hashHandle, KnownDeviceStore, type Session } from '@tessera/resource-model';
import { Cookies } from '../http/cookies.js';
import type { HttpReply, HttpRequest } from '../http/message.js';
import { note } from '../http/request-notes.js';
import { Sessions } from '../sessions/sessions.js';

/** A browser is known as somebody's for a year after the last sign-in, in seconds. */
const knownFor = 31_536_000;

/** How people show who they are. */
@Injectable()
export class SignIns {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookies: Cookies,
    private readonly devices: KnownDeviceStore,
    private readonly clock: Clock,
    @Optional() private readonly passwords?: ResourceOwnerPasswordValidator,
  ) {}

  /** @throws TooManyAttemptsError, OAuthError `temporarily_unavailable` */
  async checkPassword(http: HttpRequest, username: string, password: string): Promise<VerifiedPerson | undefined> {
    if (!this.passwords) throw new OAuthError('server_error', 'Nobody checks passwords here: import AccountsModule.');
    const origin = { address: http.ip, device: this.cookies.read(http, 'device') };
    const person = await this.passwords.validate(username, password, origin);
    if (!person) note(http, { error: 'access_denied', reason: 'wrong user name or password' });
    return person;
  }

  /** Begins a session, and remembers the browser as one of the person's. */
  async begin(
    http: HttpRequest,
    reply: HttpReply,
    person: VerifiedPerson & { readonly identityProvider?: string },
    remember: boolean,
  ): Promise<Session> {
    note(http, { subject: person.subject });
    const { subject, identityProvider } = person;
    // What somebody did at an external provider is not known here unless it says so.
    const { methods = identityProvider === undefined ? ['pwd'] : [] } = person;
    const session = await this.sessions.begin(http, reply, { subject, methods, identityProvider, remember });
    const device = this.cookies.read(http, 'device') ?? createHandle();
    this.cookies.set(reply, 'device', device, { maxAge: knownFor });
    await this.devices.add({ deviceHash: hashHandle(device), subject, expiresAt: this.clock.now() + knownFor });
    return session;
  }
}
