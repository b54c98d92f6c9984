import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Client, PairwiseSubjectStore } from '@tessera/resource-model';

const mostRemembered = 10_000;

/** What a client calls a person: the subject itself, or a name that only clients of its sector know (OpenID Connect Core §8). */
@Injectable()
export class SubjectIdentifiers {
  /** Identifiers that are in the store already. */
  private readonly stored = new Set<string>();

  constructor(private readonly store: PairwiseSubjectStore) {}

  /** The `sub` of the person for the client. */
  async of(subject: string, client: Client): Promise<string> {
    if (client.subjectType === 'public') return subject;
    const identifier = pairwise(subject, client);
    if (!this.stored.has(identifier)) {
      await this.store.add(identifier, subject);
      if (this.stored.size >= mostRemembered) this.stored.clear();
      this.stored.add(identifier);
    }
    return identifier;
  }

  /**
   * The person that a `sub` of the client's tokens means. One of another sector means nobody: who could tell by it that two clients have the same
   * person before them would have what pairwise names withhold.
   */
  async subjectOf(identifier: string, client: Client): Promise<string | undefined> {
    if (client.subjectType === 'public') return identifier;
    const subject = await this.store.find(identifier);
    return subject !== undefined && pairwise(subject, client) === identifier ? subject : undefined;
  }
}

/** OpenID Connect Core §8.1, with HMAC in the place of a hash over everything: without the salt nobody can try subjects out. */
function pairwise(subject: string, client: Client): string {
  const salt = client.pairwiseSubjectSalt ?? '';
  return createHmac('sha256', salt)
    .update(`${sectorOf(client)}\n${subject}`)
    .digest('base64url');
}

/** The host of the sector identifier, or else of the redirect URIs, which the check of the configuration holds to one. */
function sectorOf({ sectorIdentifierUri, redirectUris, clientId }: Client): string {
  const uri = sectorIdentifierUri ?? redirectUris[0];
  return uri === undefined ? clientId : new URL(uri).host;
}
