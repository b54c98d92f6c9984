import { Inject, Injectable } from '@nestjs/common';
import { TokenTypes } from '@tessera/protocol';
import { type Client, ClientStore } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { SubjectIdentifiers } from './subject-identifiers.js';

/** An id_token of this server, whether or not it has expired. Times are seconds since 1970. */
export interface ReadIdentityToken {
  readonly claims: Readonly<Record<string, unknown>> & { readonly sub: string; readonly exp: number };
  /** The client it was issued to, enabled or not. */
  readonly client: Client;
  /** The person, whatever the client calls them. */
  readonly subject: string;
}

/** Reads id_tokens that this server issued and that come back to it. */
@Injectable()
export class IdentityTokenReader {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly clients: ClientStore,
    private readonly subjects: SubjectIdentifiers,
  ) {}

  /** Undefined for anything but an id_token that this server signed. */
  async read(token: string): Promise<ReadIdentityToken | undefined> {
    const [header = '', payload = '', signature = '', ...more] = token.split('.');
    const key = this.keys.verifier(header, TokenTypes.idToken);
    if (!key || more.length > 0 || !key.verifies(`${header}.${payload}`, signature)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { iss, sub, aud, exp } = claims;
    if (iss !== this.options.issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined;
    // A signed answer of userinfo looks alike, but has no end.
    if (typeof exp !== 'number') return undefined;
    const client = await this.clients.find(aud);
    const subject = client && (await this.subjects.subjectOf(sub, client));
    return client && subject !== undefined ? { claims: { ...claims, sub, exp }, client, subject } : undefined;
  }
}
