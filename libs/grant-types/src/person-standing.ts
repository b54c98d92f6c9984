import { Injectable } from '@nestjs/common';
import { OAuthError } from '@tessera/protocol';
import type { Client } from '@tessera/resource-model';
import type { Person } from './authorization.js';
import { ProfileService } from './profile.service.js';
import { SessionCheck } from './session-check.js';

/** Whether a person who once signed in may still be given tokens: asked when they are issued, not when it was agreed to. */
@Injectable()
export class PersonStanding {
  constructor(
    private readonly profiles: ProfileService,
    private readonly sessions: SessionCheck,
  ) {}

  /** @throws OAuthError `invalid_grant` */
  async check(client: Client, person: Person): Promise<void> {
    const objection = await this.objection(client, person);
    if (objection !== undefined) throw new OAuthError('invalid_grant', objection);
  }

  /** Why the person may have no tokens; undefined: they may. */
  async objection(client: Client, { subject, authentication }: Person): Promise<string | undefined> {
    if (!(await this.profiles.isActive(subject, client))) return 'The person may no longer use this client.';
    const { sessionId } = authentication;
    if (!client.coordinateLifetimeWithUserSession || sessionId === undefined) return undefined;
    if (await this.sessions.isAlive(sessionId)) return undefined;
    return 'The session in which the person signed in has ended.';
  }
}
