import { Inject, Injectable } from '@nestjs/common';
import { TokenTypes } from '@tessera/protocol';
import { type Client, Clock, encryptionOf } from '@tessera/resource-model';
import { KeyRing } from '../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { TokenEncryption } from './token-encryption.js';

/** Seconds: the answer goes straight through the browser. JARM §2.1 recommends at most ten minutes. */
const lifetime = 120;

/** Writes the answers of the authorize endpoint as JWTs (JWT Secured Authorization Response Mode for OAuth 2.0 §2.1). */
@Injectable()
export class AuthorizationResponseWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly encryption: TokenEncryption,
    private readonly clock: Clock,
  ) {}

  /** Who answers, for whom and until when stands in no parameter, so that none can take its place. */
  async write(parameters: Readonly<Record<string, string>>, client: Client): Promise<string> {
    const { issuer, signingAlgorithms } = this.options;
    const { authorizationSignedResponseAlg: wanted } = client;
    // JARM §3: RS256 where the client says nothing.
    const key = this.keys.signer(wanted ? [wanted] : ['RS256', ...signingAlgorithms]);
    const jwt = await key.sign(TokenTypes.authorizationResponse, {
      ...parameters,
      iss: issuer,
      aud: client.clientId,
      exp: this.clock.now() + lifetime,
    });
    return this.encryption.forClient(client, jwt, encryptionOf(client, 'authorization'));
  }
}
