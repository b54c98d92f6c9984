import { Injectable } from '@nestjs/common';
import type { Actor } from '@tessera/grant-types';
import { type Client, ClientStore } from '@tessera/resource-model';
import { actorIn } from './act-claim.js';
import { SubjectIdentifiers } from './subject-identifiers.js';

/**
 * Reads `act` of an access token of this server. It calls people as the client of that token knows them: taken over into the token of another client it
 * would tell that one a name, or the subject itself, that pairwise names withhold (OpenID Connect Core §8.1).
 */
@Injectable()
export class ActClaimReader {
  constructor(
    private readonly clients: ClientStore,
    private readonly subjects: SubjectIdentifiers,
  ) {}

  /** @throws TypeError where it names nobody */
  async read(act: unknown, client: Client): Promise<Actor | undefined> {
    return this.known(actorIn(act), client);
  }

  private async known(named: Actor | undefined, client: Client): Promise<Actor | undefined> {
    if (!named) return undefined;
    const actor = await this.known(named.actor, client);
    const subject = await this.personOf(named, client);
    return subject === undefined ? { ...named, actor } : { sub: subject, isPerson: true, actor };
  }

  /** Undefined for a client, and for whom another server calls so. */
  private async personOf({ sub, issuer }: Actor, client: Client): Promise<string | undefined> {
    if (issuer !== undefined) return undefined;
    if (client.subjectType === 'pairwise') return this.subjects.subjectOf(sub, client);
    return (await this.clients.find(sub)) ? undefined : sub;
  }
}
