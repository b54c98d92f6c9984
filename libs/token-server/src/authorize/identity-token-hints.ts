import { Inject, Injectable } from '@nestjs/common';
import { TokenTypes } from '@tessera/protocol';
import { type Client, ClientStore } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
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
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly clients: ClientStore,
    private readonly subjects: SubjectIdentifiers,
  ) {}

  /** Undefined for anything but an id_token that this server signed. */
  async read(token: string): Promise<IdentityTokenHint | undefined> {
    const [header = '', payload = '', signature = '', ...more] = token.split('.');
    const key = this.keys.verifier(header, TokenTypes.idToken);
    if (!key || more.length > 0 || !key.verifies(`${header}.${payload}`, signature)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { iss, sub, aud, sid, exp } = claims;
    if (iss !== this.options.issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined;
    // A signed answer of userinfo looks alike, but has no end.
    if (typeof exp !== 'number') return undefined;
    const client = await this.clients.find(aud);
    const subject = client && (await this.subjects.subjectOf(sub, client));
    if (subject === undefined) return undefined;
    return { clientId: aud, subject, sessionId: typeof sid === 'string' ? sid : undefined };
  }

  /** The person that the client calls so; where there is none, a name that nobody has. */
  async personCalled(identifier: string, client: Client): Promise<string> {
    return (await this.subjects.subjectOf(identifier, client)) ?? `nobody: ${identifier}`;
  }
}
