import { Inject, Injectable } from '@nestjs/common';
import { type SigningAlgorithm, TokenTypes } from '@tessera/protocol';
import { Clock, encryptionChoice, encryptionOf } from '@tessera/resource-model';
import type { Caller } from '../../clients/caller-authenticator.js';
import type { HttpRequest } from '../../http/message.js';
import { KeyRing } from '../../keys/key-ring.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../../token-server.options.js';
import { TokenEncryption } from '../../tokens/token-encryption.js';
import type { IntrospectionBody } from './introspection.js';

/** RFC 9701 §4 and §5. */
export const introspectionType = `application/${TokenTypes.introspection}`;

/** Writes what introspection says as a JWT, which the caller can keep and show (RFC 9701). */
@Injectable()
export class IntrospectionResponseWriter {
  constructor(
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
    private readonly keys: KeyRing,
    private readonly encryption: TokenEncryption,
    private readonly clock: Clock,
  ) {}

  /** RFC 9701 §4, §6: where the request asks for it, and always for a caller that has a way of signing or encryption set. */
  isDue({ headers }: HttpRequest, caller: Caller): boolean {
    const { introspectionSignedResponseAlg: signed, introspectionEncryptedResponseAlg: encrypted } = whoIs(caller);
    return signed !== undefined || encrypted !== undefined || prefersJwt(headers.accept);
  }

  /** RFC 9701 §5: what the token says stands apart, and neither `sub` nor `exp` beside it, so that nobody takes the JWT for the token. */
  async write(body: IntrospectionBody, caller: Caller): Promise<string> {
    const key = this.keys.signer(this.algorithms(whoIs(caller).introspectionSignedResponseAlg));
    const jwt = await key.sign(TokenTypes.introspection, {
      iss: this.options.issuer,
      aud: caller.client ? caller.client.clientId : caller.resource.name,
      iat: this.clock.now(),
      token_introspection: body,
    });
    if (caller.client)
      return this.encryption.forClient(caller.client, jwt, encryptionOf(caller.client, 'introspection'));
    const { introspectionEncryptedResponseAlg: alg, introspectionEncryptedResponseEnc: enc } = caller.resource;
    return this.encryption.forResource(caller.resource, jwt, encryptionChoice(alg, enc));
  }

  /** RFC 9701 §6: RS256 where the caller says nothing. */
  private algorithms(wanted: SigningAlgorithm | undefined): readonly SigningAlgorithm[] {
    return wanted ? [wanted] : ['RS256', ...this.options.signingAlgorithms];
  }
}

function whoIs({ client, resource }: Caller) {
  return client ?? resource;
}

/** RFC 9110 §12.5.1: named, not refused, and JSON not liked better. */
function prefersJwt(accept = ''): boolean {
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()));
  const liking = (type: string) => {
    const range = ranges.find(([name]) => name === type);
    const weight = range?.find((part) => part.startsWith('q='));
    return range ? Number(weight?.slice(2) ?? 1) : 0;
  };
  const jwt = liking(introspectionType);
  return jwt > 0 && jwt >= liking('application/json');
}
