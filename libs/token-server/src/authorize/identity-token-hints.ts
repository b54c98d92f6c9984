import { Injectable } from '@nestjs/common';
import type { Client } from '@tessera/resource-model';
import { IdentityTokenReader } from '../tokens/identity-token.reader.js';
import { SubjectIdentifiers } from '../tokens/subject-identifiers.js';

/** What an id_token of ours says, whether or not it has expired. */
export interface IdentityTokenHint {
  readonly clientId: string;
  /** The person, whatever the client calls them. */
  readonly subject: string;
  readonly sessionId?: string;
}

/** Reads id_tokens that come back as hints (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2). */
@Injectable()
export class IdentityTokenHints {
  constructor(
    private readonly identityTokens: IdentityTokenReader,
    private readonly subjects: SubjectIdentifiers,
  ) {}

  /** Undefined for anything but an id_token that this server signed. */
  async read(token: string): Promise<IdentityTokenHint | undefined> {
    const found = await this.identityTokens.read(token);
    if (!found) return undefined;
    const { client, subject, claims } = found;
    return { clientId: client.clientId, subject, sessionId: typeof claims.sid === 'string' ? claims.sid : undefined };
  }

  /** The person that the client calls so; where there is none, a name that nobody has. */
  async personCalled(identifier: string, client: Client): Promise<string> {
    return (await this.subjects.subjectOf(identifier, client)) ?? `nobody: ${identifier}`;
  }
}
