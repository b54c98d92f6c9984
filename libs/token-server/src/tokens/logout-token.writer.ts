import { Inject, Injectable } from '@nestjs/common';
import { TokenTypes } from '@tessera/protocol';
import { type Client, Clock, encryptionOf, type LogoutNotice, randomText } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { SubjectIdentifiers } from './subject-identifiers.js';
import { TokenEncryption } from './token-encryption.js';

/** OpenID Connect Back-Channel Logout 1.0 §2.4 recommends at most two minutes, in seconds. */
const lifetime = 120;

/** Writes logout tokens: a client is told that a person's session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4). */
@Injectable()
export class LogoutTokenWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly subjects: SubjectIdentifiers,
    private readonly encryption: TokenEncryption,
    private readonly clock: Clock,
  ) {}

  /** Each try has a token of its own. There is never a `nonce` in it, so that it cannot pass for an id_token (§2.4). */
  async write({ subject, sessionId }: LogoutNotice, client: Client): Promise<string> {
    const allowed = client.allowedIdentityTokenSigningAlgorithms;
    const now = this.clock.now();
    const jwt = await this.keys.signer(allowed.length > 0 ? allowed : undefined).sign(TokenTypes.logoutToken, {
      iss: this.options.issuer,
      sub: await this.subjects.of(subject, client),
      aud: client.clientId,
      iat: now,
      exp: now + lifetime,
      jti: randomText(16),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      sid: client.backChannelLogoutSessionRequired ? sessionId : undefined,
    });
    // §2.6: a client whose id_tokens are encrypted takes no other logout token.
    return this.encryption.forClient(client, jwt, encryptionOf(client, 'idToken'));
  }
}
