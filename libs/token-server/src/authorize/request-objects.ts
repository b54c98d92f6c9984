import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { decodeObject, JwsError, splitCompactJws, verifyCompactJws } from '@tessera/jws';
import { OAuthError, type SigningAlgorithm, TokenTypes, signingAlgorithmOf } from '@tessera/protocol';
import { type Client, Clock, UsedIdStore } from '@tessera/resource-model';
import type { Form } from '../http/decode.js';
import { ClientKeys } from '../keys/client-keys.js';
import { KeyUnavailableError } from '../keys/key-holder.js';
import { TOKEN_SERVER_OPTIONS, type ResolvedOptions } from '../token-server.options.js';
import { AuthorizeParams } from './authorize-params.js';
import { authorizeRules, checkClaims, type ClaimRule, type Claims } from './request-object-claims.js';
import { parametersIn } from './request-object-parameters.js';

/** Characters; a request that is longer has something else in mind. */
export const longestObject = 16_384;

/** What a client signs a request for, and what is asked of the object that the request comes in. */
export interface RequestObjectKind {
  /** The class that declares the parameters. */
  readonly params: new () => object;
  readonly rules: readonly ClaimRule[];
  /** The one algorithm. None: that of each key of the client. */
  readonly algorithmOf: (client: Client) => SigningAlgorithm | undefined;
}

const authorizeRequest: RequestObjectKind = {
  params: AuthorizeParams,
  rules: authorizeRules,
  algorithmOf: ({ requestObjectSigningAlg }) => requestObjectSigningAlg,
};

/** Reads the requests that clients sign (RFC 9101, OpenID Connect Core §6). */
@Injectable()
export class RequestObjects {
  constructor(
    private readonly keys: ClientKeys,
    private readonly usedIds: UsedIdStore,
    private readonly clock: Clock,
    @Inject(TOKEN_SERVER_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** The parameters in it. @throws OAuthError `invalid_request_object`, `request_not_supported` for a client without keys */
  async read(text: string, client: Client, kind = authorizeRequest): Promise<Form> {
    refuseWithoutKeys(client);
    if (text.length > longestObject) throw refused(`The request object is longer than ${longestObject} characters.`);
    const claims = await this.verified(text, client, kind);
    checkClaims(claims, { client, issuer: this.options.issuer, now: this.clock.now() }, kind.rules);
    const form = parametersIn(claims, kind.params);
    await this.useUp(claims, client);
    return form;
  }

  private async verified(text: string, client: Client, kind: RequestObjectKind): Promise<Claims> {
    try {
      const parts = splitCompactJws(text);
      const header = decodeObject(parts.header);
      checkHeader(header, client, kind.algorithmOf(client));
      const keys = await this.keys.candidates(client, { alg: header.alg, kid: header.kid });
      const isGood = keys.some((key) => isSignedBy(text, key));
      if (!isGood) throw refused('The signature of the request object is not that of a key of the client.');
      return decodeObject(parts.payload);
    } catch (error) {
      if (error instanceof JwsError) throw refused('The request object is not a signed JWT (RFC 9101 §4).', error);
      if (error instanceof KeyUnavailableError) {
        throw refused('The client has no key that fits the header of the request object.', error);
      }
      throw error;
    }
  }

  /** RFC 9101 §10.2: who got hold of it cannot begin with it a second time. */
  private async useUp({ jti, exp }: Claims, { clientId }: Client): Promise<void> {
    if (jti === undefined) return;
    const id = createHash('sha256')
      .update(JSON.stringify([clientId, jti]))
      .digest('base64url');
    if (await this.usedIds.use(`request-object:${id}`, Math.ceil(exp as number) + clockSkew)) return;
    throw refused('The jti of the request object has been used: sign each request anew.');
  }
}

/** Nothing that a client without keys could have signed would count. @throws OAuthError `request_not_supported` */
export function refuseWithoutKeys({ jwks, jwksUri }: Client): void {
  if (jwks !== undefined || jwksUri !== undefined) return;
  throw new OAuthError('request_not_supported', 'The client has no keys (jwks or jwks_uri) to sign requests with.');
}

/** Seconds that clocks of nodes may differ: none must forget a request object that another one still takes. */
const clockSkew = 60;

/** RFC 8725 §3.1 and §3.11: which algorithm and which kind of JWT is not for the sender to choose. */
function checkHeader(
  { alg, typ }: Readonly<Record<string, unknown>>,
  client: Client,
  pinned: SigningAlgorithm | undefined,
): void {
  if (pinned !== undefined && signingAlgorithmOf(alg) !== pinned)
    throw refused(`The request object must be signed with ${pinned}.`);
  const kind = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ;
  if (kind === TokenTypes.requestObject) return;
  if (client.requireRequestObjectType || (kind !== undefined && kind !== 'jwt')) {
    throw refused(`typ in the header of the request object must be ${TokenTypes.requestObject} (RFC 9101 §10.8).`);
  }
}

function isSignedBy(text: string, key: Parameters<typeof verifyCompactJws>[1]): boolean {
  try {
    verifyCompactJws(text, key);
    return true;
  } catch (error) {
    if (error instanceof JwsError && error.code === 'signature_invalid') return false;
    throw error;
  }
}

function refused(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_request_object', description, { cause });
}
